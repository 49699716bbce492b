SELECT day, toInt64(count()), toInt64(sum(failures)), sum(slow), toInt64(sum(risky))
FROM
(
  SELECT formatDateTime(TimeGenerated, '%Y-%m-%d') AS day,
    concat(Location, '/', ifNull(toString(AutonomousSystemNumber), '')) AS network,
    countIf(ResultType != '0') AS failures,
    sumIf(ProcessingTimeInMilliseconds, ProcessingTimeInMilliseconds > 1000) AS slow,
    countIf(RiskLevelDuringSignIn != '') AS risky, uniqExact(UserPrincipalName) AS users
  FROM events.SigninLogs
  WHERE TimeGenerated > toDateTime64('2024-05-26 00:00:00', 7, 'UTC')
  GROUP BY day, network
  HAVING failures > 20
)
GROUP BY day
