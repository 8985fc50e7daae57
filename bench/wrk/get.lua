-- GETs of random ones of the paths in a file, one a line.
done = require("report")

local thread_count = 0

function setup(thread)
    thread_count = thread_count + 1
    thread:set("thread_number", thread_count)
end

local requests, random = {}, math.random

function init(args)
    for path in io.lines(args[1]) do
        requests[#requests + 1] = "GET " .. path .. " HTTP/1.1\r\nHost: " .. wrk.host .. "\r\n\r\n"
    end
    math.randomseed(thread_number)
end

function request()
    return requests[random(#requests)]
end
