SELECT AppDisplayName, Location, count(*), count(DISTINCT UserPrincipalName), min(TimeGenerated)
FROM
(
  SELECT TimeGenerated, UserPrincipalName, AppDisplayName, Location
  FROM SigninLogs
  WHERE ResultType = '0' AND TimeGenerated > '2024-06-05'
  QUALIFY row_number() OVER (PARTITION BY UserPrincipalName ORDER BY TimeGenerated DESC) <= 3
)
GROUP BY AppDisplayName, Location
