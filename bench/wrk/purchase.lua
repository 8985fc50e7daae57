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

local ffi = require("ffi")
ffi.cdef("struct timeval { long s; long us; }; int gettimeofday(struct timeval *, void *);")
local now = ffi.new("struct timeval")

local heads, lengths = {}, {}
local body_start, body_end = '{"lines":[{"product_id":', ',"quantity":1}]}'
local random, tostring = math.random, tostring
local head_count, products, key, count = 0, 0, "", 0
local format, floor = string.format, math.floor

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
    local seed = 0
    for i = 1, #args[3] do seed = (seed * 31 + args[3]:byte(i)) % 65536 end
    math.randomseed(seed * 64 + thread_number)
    key = format("%04x%04x", seed, thread_number)

    local pause, starting = tonumber(args[4]), tonumber(args[5])
    if pause > 0 then
        -- The first pause is what is left of one that somebody is in the middle of, so that the rate is right from the beginning:
        -- pauses are uniform up to twice their mean, and the rest of such a one is distributed as 1 - (1 - x / 2 pause)^2.
        function delay()
            starting = starting - 1
            return starting >= 0 and floor(2 * pause * (1 - math.sqrt(1 - random()))) or random(0, 2 * pause)
        end
    end
end

-- A key of its own for each purchase, a UUIDv7 (RFC 9562): the time in milliseconds, then what tells this run, thread and purchase.
local function uuid7()
    count = count + 1
    ffi.C.gettimeofday(now, nil)
    local millis = tonumber(now.s) * 1000 + floor(tonumber(now.us) / 1000)
    return format("%08x-%04x-7%03x-8%03x-%s%04x", floor(millis / 65536), millis % 65536, count % 4096, floor(count / 4096) % 4096, key, floor(count / 16777216))
end

function request()
    local product = tostring(random(products))
    return heads[random(head_count)] .. uuid7() .. lengths[#product] .. product .. body_end
end
