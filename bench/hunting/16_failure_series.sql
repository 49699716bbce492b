SELECT AppDisplayName, toInt64(length(failures)), toInt32(arrayMax(failures)), toInt64(failures[720]), toInt64(users[701])
FROM
(
  WITH (SELECT groupArray(toDateTime('2024-05-16 00:00:00', 'UTC') + number * 3600) FROM numbers(720)) AS axis
  SELECT AppDisplayName, mapFromArrays(groupArray(hour), groupArray((failures, users))) AS found,
    arrayMap(h -> found[h].1, axis) AS failures, arrayMap(h -> found[h].2, axis) AS users
  FROM
  (
    SELECT AppDisplayName, toStartOfHour(TimeGenerated)::DateTime('UTC') AS hour, countIf(ResultType != '0') AS failures,
      uniqExact(UserPrincipalName) AS users
    FROM events.SigninLogs
    WHERE TimeGenerated >= toDateTime64('2024-05-16 00:00:00', 7, 'UTC')
      AND TimeGenerated < toDateTime64('2024-06-15 00:00:00', 7, 'UTC')
    GROUP BY AppDisplayName, hour
  )
  GROUP BY AppDisplayName
)
