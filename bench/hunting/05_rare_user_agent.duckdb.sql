SELECT UserAgent, Location, count(*), count(DISTINCT UserPrincipalName), max(TimeGenerated)
FROM SigninLogs
WHERE TimeGenerated > '2024-05-16' AND UserAgent NOT IN
(
  SELECT UserAgent
  FROM SigninLogs
  WHERE TimeGenerated BETWEEN '2024-05-16' AND '2024-06-14'
  GROUP BY UserAgent
  HAVING count(*) > 50
)
GROUP BY ALL
