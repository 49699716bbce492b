SELECT AppDisplayName, Location, toInt64(count()), toInt64(uniqExact(UserPrincipalName)), (reinterpretAsInt64(min(TimeGenerated)) + 621355968000000000)
FROM
(
  SELECT TimeGenerated, UserPrincipalName, AppDisplayName, Location,
    row_number() OVER (PARTITION BY UserPrincipalName ORDER BY TimeGenerated DESC) AS rank
  FROM events.SigninLogs
  WHERE ResultType = '0' AND TimeGenerated > toDateTime64('2024-06-05 00:00:00', 7, 'UTC')
)
WHERE rank <= 3
GROUP BY AppDisplayName, Location
