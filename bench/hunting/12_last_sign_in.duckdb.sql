SELECT location, application, count(*), min(last), count(DISTINCT address)
FROM
(
  SELECT UserPrincipalName, max(TimeGenerated) AS last, arg_max(IPAddress, TimeGenerated) AS address,
    arg_max(Location, TimeGenerated) AS location, arg_max(AppDisplayName, TimeGenerated) AS application
  FROM SigninLogs
  WHERE ResultType = '0'
  GROUP BY UserPrincipalName
  HAVING last < '2024-06-14 23:00:00'
)
GROUP BY location, application
