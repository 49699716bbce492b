SELECT Location, toInt64(count()), toInt64(sum(sign_ins)), toInt64(sum(failures)), toInt64(max(users))
FROM
(
  SELECT Location, IPAddress, count() AS sign_ins, countIf(ResultType != '0') AS failures,
    uniqExact(UserPrincipalName) AS users
  FROM
  (
    SELECT Location, IPAddress, ResultType, UserPrincipalName, toUInt32(toIPv4OrDefault(IPAddress)) AS address
    FROM events.SigninLogs
  )
  WHERE NOT (bitAnd(address, 4278190080) = 167772160 OR bitAnd(address, 4293918720) = 2886729728
      OR bitAnd(address, 4294901760) = 3232235520)
    AND (bitAnd(address, 4294901760) = 3118202880 OR bitAnd(address, 4278190080) = 1526726656
      OR bitAnd(address, 4294836224) = 1359740928)
  GROUP BY Location, IPAddress
  HAVING failures > 5
)
GROUP BY Location
