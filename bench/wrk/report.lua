-- What wrk measured, as one line of JSON. Answers below 400 count as served, the rest as refused.
return function(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '\n{"answers":%d,"refused":%d,"broken":%d,"micros":%d,"mean_micros":%d,"p99_micros":%d}\n',
        summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
        summary.duration, latency.mean, latency:percentile(99)))
end
