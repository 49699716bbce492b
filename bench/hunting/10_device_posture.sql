SELECT city, system, toInt64(count()), toInt64(uniqExact(UserPrincipalName)), max(latitude)
FROM
(
  SELECT UserPrincipalName, JSONExtractString(LocationDetails, 'city') AS city,
    JSONExtractString(DeviceDetail, 'operatingSystem') AS system,
    JSONExtractFloat(LocationDetails, 'geoCoordinates', 'latitude') AS latitude
  FROM events.SigninLogs
  WHERE TimeGenerated > toDateTime64('2024-06-08 00:00:00', 7, 'UTC')
    AND JSONExtract(DeviceDetail, 'isCompliant', 'Nullable(Bool)') = false
)
GROUP BY city, system
