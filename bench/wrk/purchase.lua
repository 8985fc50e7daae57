-- Purchases of one unit each: a random customer, a random product, a key of its own for each.
-- Arguments: a file with an access token a line, how many products there are, a name of this run for the keys,
-- the mean milliseconds that a connection waits between an answer and its next request, and how many connections a thread has.
-- What can be built beforehand is, because the load runs on the machine that is measured.
done = require("report")

local thread_count = 0

function setup(thread)
    thread_count = thread_count + 1
    thread:set("thread_number", thread_count)
end

local heads, lengths = {}, {}
local body_start, body_end = '{"lines":[{"product_id":', ',"quantity":1}]}'
local random, tostring = math.random, tostring
local head_count, products, key, count = 0, 0, "", 0

function init(args)
    for token in io.lines(args[1]) do
        head_count = head_count + 1
        heads[head_count] = "POST /api/v2/orders HTTP/1.1\r\nHost: " .. wrk.host .. "\r\nAuthorization: Bearer " .. token ..
            "\r\nContent-Type: application/json\r\nIdempotency-Key: "
    end
    for digits = 1, 9 do
        lengths[digits] = "\r\nContent-Length: " .. #body_start + digits + #body_end .. "\r\n\r\n" .. body_start
    end

    products = tonumber(args[2])
    key = args[3] .. "-" .. thread_number .. "-"
    local seed = 0
    for i = 1, #key do seed = (seed * 31 + key:byte(i)) % 2147483647 end
    math.randomseed(seed)

    local pause, starting = tonumber(args[4]), tonumber(args[5])
    if pause > 0 then
        -- The first requests are spread so that the rate is right from the beginning.
        function delay()
            starting = starting - 1
            return random(0, starting >= 0 and pause or 2 * pause)
        end
    end
end

function request()
    count = count + 1
    local product = tostring(random(products))
    return heads[random(head_count)] .. key .. count .. lengths[#product] .. product .. body_end
end
