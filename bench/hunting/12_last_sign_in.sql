SELECT location, application, toInt64(count()), (reinterpretAsInt64(min(last)) + 621355968000000000), toInt64(uniqExact(address))
FROM
(
  SELECT UserPrincipalName, max(TimeGenerated) AS last, argMax((IPAddress, Location, AppDisplayName), TimeGenerated) AS row,
    row.1 AS address, row.2 AS location, row.3 AS application, count() AS sign_ins
  FROM events.SigninLogs
  WHERE ResultType = '0'
  GROUP BY UserPrincipalName
  HAVING last < toDateTime64('2024-06-14 23:00:00', 7, 'UTC')
)
GROUP BY location, application
