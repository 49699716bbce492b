SELECT from_location, Location, count(*) AS trips, min(TimeGenerated - from_time)
FROM
(
  SELECT Location, TimeGenerated, lag(Location) OVER w AS from_location, lag(TimeGenerated) OVER w AS from_time
  FROM SigninLogs
  WHERE TimeGenerated > '2024-06-05' AND ResultType = '0'
  WINDOW w AS (PARTITION BY UserPrincipalName ORDER BY TimeGenerated)
)
WHERE from_location != Location AND TimeGenerated - from_time < INTERVAL 10 MINUTE
GROUP BY ALL
ORDER BY trips DESC, from_location, Location
LIMIT 100
