SELECT JSONExtractString(step, 'authenticationMethod') AS method, JSONExtractRaw(step, 'succeeded') AS succeeded,
  toInt64(count()), toInt64(uniqExact(UserPrincipalName))
FROM events.SigninLogs
LEFT ARRAY JOIN JSONExtractArrayRaw(AuthenticationDetails) AS step
WHERE TimeGenerated > toDateTime64('2024-06-08 00:00:00', 7, 'UTC')
GROUP BY method, succeeded
