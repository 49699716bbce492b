SELECT time_bucket(INTERVAL 10 MINUTE, TimeGenerated) AS bucket, UserPrincipalName, IPAddress, count(*) AS failures,
  list(DISTINCT ResultType), min(TimeGenerated), max(TimeGenerated)
FROM SigninLogs
WHERE ResultType IN ('50126', '50053')
GROUP BY ALL
HAVING failures >= 3
ORDER BY failures DESC, UserPrincipalName, IPAddress, bucket
LIMIT 200
