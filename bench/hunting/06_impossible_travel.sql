SELECT from_location, Location, toInt64(count()) AS trips, min(ticks - from_ticks)
FROM
(
  SELECT UserPrincipalName, Location, reinterpretAsInt64(TimeGenerated) AS ticks,
    lagInFrame(Location) OVER w AS from_location, lagInFrame(ticks) OVER w AS from_ticks,
    row_number() OVER w AS number
  FROM events.SigninLogs
  WHERE TimeGenerated > toDateTime64('2024-06-05 00:00:00', 7, 'UTC') AND ResultType = '0'
  WINDOW w AS (PARTITION BY UserPrincipalName ORDER BY TimeGenerated ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
)
WHERE number > 1 AND from_location != Location AND ticks - from_ticks < 6000000000
GROUP BY from_location, Location
ORDER BY trips DESC, from_location, Location
LIMIT 100
