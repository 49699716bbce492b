#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/text.h"
#include "kql/detail/evaluation.h"

namespace redoubt::kql::detail {

namespace {

/// A unit as a multiple of the one that all of its kind are measured by.
struct Unit {
  std::string_view name;
  double factor;
};

// Degrees, joules, newtons, meters, kilograms, meters a second, cubic meters. The engine takes the factors of
// a library of 2022, not all of which are exact: a mile is 1609.34 m there, a US gallon 3.78541 l.
// Source: unit definitions of UnitsNet 4.119 to 4.148.
constexpr Unit kAngles[] = {{"Arcminute", 0.01666666666666667},
                            {"Arcsecond", 0.0002777777777777778},
                            {"Centiradian", 0.5729577951308232},
                            {"Deciradian", 5.729577951308233},
                            {"Degree", 1},
                            {"Gradian", 0.9},
                            {"Microdegree", 1e-06},
                            {"Microradian", 5.729577951308232e-05},
                            {"Millidegree", 0.001},
                            {"Milliradian", 0.05729577951308232},
                            {"Nanodegree", 1e-09},
                            {"Nanoradian", 5.729577951308232e-08},
                            {"NatoMil", 0.05625},
                            {"Radian", 57.29577951308232},
                            {"Revolution", 360}};
constexpr Unit kEnergies[] = {{"BritishThermalUnit", 1055.05585262},
                              {"Calorie", 4.184},
                              {"DecathermEc", 1055055852.62},
                              {"DecathermImperial", 1055055852.57348},
                              {"DecathermUs", 1054804000.0},
                              {"ElectronVolt", 1.602176565e-19},
                              {"Erg", 1e-07},
                              {"FootPound", 1.355817948},
                              {"GigabritishThermalUnit", 1055055852620.0},
                              {"GigaelectronVolt", 1.602176565e-10},
                              {"Gigajoule", 1000000000.0},
                              {"GigawattDay", 86400000000000.0},
                              {"GigawattHour", 3600000000000.0},
                              {"HorsepowerHour", 2684519.5377},
                              {"Joule", 1},
                              {"KilobritishThermalUnit", 1055055.85262},
                              {"Kilocalorie", 4184},
                              {"KiloelectronVolt", 1.602176565e-16},
                              {"Kilojoule", 1000},
                              {"KilowattDay", 86400000.0},
                              {"KilowattHour", 3600000},
                              {"MegabritishThermalUnit", 1055055852.62},
                              {"Megacalorie", 4184000},
                              {"MegaelectronVolt", 1.602176565e-13},
                              {"Megajoule", 1000000},
                              {"MegawattDay", 86400000000.0},
                              {"MegawattHour", 3600000000.0},
                              {"Millijoule", 0.001},
                              {"TeraelectronVolt", 1.602176565e-07},
                              {"TerawattDay", 8.64e+16},
                              {"TerawattHour", 3600000000000000.0},
                              {"ThermEc", 105505585.262},
                              {"ThermImperial", 105505585.257348},
                              {"ThermUs", 105480400.0},
                              {"WattDay", 86400},
                              {"WattHour", 3600}};
constexpr Unit kForces[] = {{"Decanewton", 10},
                            {"Dyn", 1e-05},
                            {"KiloPond", 9.80665002864},
                            {"KilogramForce", 9.80665002864},
                            {"Kilonewton", 1000},
                            {"KilopoundForce", 4448.22161526051},
                            {"Meganewton", 1000000},
                            {"Micronewton", 1e-06},
                            {"Millinewton", 0.001},
                            {"Newton", 1},
                            {"OunceForce", 0.2780138509537812},
                            {"PoundForce", 4.44822161526051},
                            {"Poundal", 0.1382550279897304},
                            {"ShortTonForce", 8896.443230521},
                            {"TonneForce", 9806.65002864}};
constexpr Unit kLengths[] = {{"Angstrom", 1e-10},
                             {"AstronomicalUnit", 149597870700.0},
                             {"Centimeter", 0.01},
                             {"Chain", 20.1168},
                             {"DataMile", 1828.8},
                             {"Decameter", 10},
                             {"Decimeter", 0.1},
                             {"DtpPica", 0.004233333333332346},
                             {"DtpPoint", 0.0003527777777777778},
                             {"Fathom", 1.8288},
                             {"Foot", 0.3048},
                             {"Hand", 0.1016},
                             {"Hectometer", 100},
                             {"Inch", 0.0254},
                             {"KilolightYear", 9.46073047258e+18},
                             {"Kilometer", 1000},
                             {"Kiloparsec", 3.08567758128e+19},
                             {"LightYear", 9460730472580000.0},
                             {"MegalightYear", 9.46073047258e+21},
                             {"Megaparsec", 3.08567758128e+22},
                             {"Meter", 1},
                             {"Microinch", 2.54e-08},
                             {"Micrometer", 1e-06},
                             {"Mil", 2.54e-05},
                             {"Mile", 1609.34},
                             {"Millimeter", 0.001},
                             {"Nanometer", 1e-09},
                             {"NauticalMile", 1852},
                             {"Parsec", 3.08567758128e+16},
                             {"PrinterPica", 0.004217517599993978},
                             {"PrinterPoint", 0.000351459803514598},
                             {"Shackle", 27.432},
                             {"SolarRadius", 695510000.0},
                             {"Twip", 1.763888888888913e-05},
                             {"UsSurveyFoot", 0.3048006096012192},
                             {"Yard", 0.9144}};
constexpr Unit kMasses[] = {{"Centigram", 1e-05},
                            {"Decagram", 0.01},
                            {"Decigram", 0.0001},
                            {"EarthMass", 5.9722e+24},
                            {"Grain", 6.479891e-05},
                            {"Gram", 0.001},
                            {"Hectogram", 0.1},
                            {"Kilogram", 1},
                            {"Kilopound", 453.59237},
                            {"Kilotonne", 1000000},
                            {"LongHundredweight", 50.80234544},
                            {"LongTon", 1016.0469088},
                            {"Megapound", 453592.37},
                            {"Megatonne", 1000000000.0},
                            {"Microgram", 1e-09},
                            {"Milligram", 1e-06},
                            {"Nanogram", 1e-12},
                            {"Ounce", 0.02834952316484755},
                            {"Pound", 0.45359237},
                            {"ShortHundredweight", 45.359237},
                            {"ShortTon", 907.18474},
                            {"Slug", 14.593903},
                            {"SolarMass", 1.98947e+30},
                            {"Stone", 6.350288},
                            {"Tonne", 1000}};
constexpr Unit kSpeeds[] = {{"CentimeterPerHour", 2.777777777777778e-06},
                            {"CentimeterPerMinute", 0.0001666666666666667},
                            {"CentimeterPerSecond", 0.01},
                            {"DecimeterPerMinute", 0.001666666666666667},
                            {"DecimeterPerSecond", 0.1},
                            {"FootPerHour", 8.466666666666667e-05},
                            {"FootPerMinute", 0.00508},
                            {"FootPerSecond", 0.3048},
                            {"InchPerHour", 7.055555555555555e-06},
                            {"InchPerMinute", 0.0004233333333333333},
                            {"InchPerSecond", 0.0254},
                            {"KilometerPerHour", 0.2777777777777778},
                            {"KilometerPerMinute", 16.66666666666667},
                            {"KilometerPerSecond", 1000},
                            {"Knot", 0.514444},
                            {"MeterPerHour", 0.0002777777777777778},
                            {"MeterPerMinute", 0.01666666666666667},
                            {"MeterPerSecond", 1},
                            {"MicrometerPerMinute", 1.666666666666667e-08},
                            {"MicrometerPerSecond", 1e-06},
                            {"MilePerHour", 0.44704},
                            {"MillimeterPerHour", 2.777777777777778e-07},
                            {"MillimeterPerMinute", 1.666666666666667e-05},
                            {"MillimeterPerSecond", 0.001},
                            {"NanometerPerMinute", 1.666666666666667e-11},
                            {"NanometerPerSecond", 1e-09},
                            {"UsSurveyFootPerHour", 8.466683600033866e-05},
                            {"UsSurveyFootPerMinute", 0.00508001016002032},
                            {"UsSurveyFootPerSecond", 0.3048006096012192},
                            {"YardPerHour", 0.000254},
                            {"YardPerMinute", 0.01524},
                            {"YardPerSecond", 0.9144}};
constexpr Unit kVolumes[] = {{"AcreFoot", 1233.480610918277},
                             {"AuTablespoon", 2e-05},
                             {"BoardFoot", 0.0023597372158},
                             {"Centiliter", 1e-05},
                             {"CubicCentimeter", 1e-06},
                             {"CubicDecimeter", 0.001},
                             {"CubicFoot", 0.028316846592},
                             {"CubicHectometer", 1000000},
                             {"CubicInch", 1.6387e-05},
                             {"CubicKilometer", 1000000000.0},
                             {"CubicMeter", 1},
                             {"CubicMicrometer", 1e-18},
                             {"CubicMile", 4168181825.44058},
                             {"CubicMillimeter", 1e-09},
                             {"CubicYard", 0.764554858},
                             {"Decaliter", 0.01},
                             {"DecausGallon", 0.0378541},
                             {"Deciliter", 0.0001},
                             {"DeciusGallon", 0.000378541},
                             {"HectocubicFoot", 2.8316846592},
                             {"HectocubicMeter", 100},
                             {"Hectoliter", 0.1},
                             {"HectousGallon", 0.378541},
                             {"ImperialBeerBarrel", 0.16365924},
                             {"ImperialGallon", 0.004546090000001815},
                             {"ImperialOunce", 2.84130624999629e-05},
                             {"ImperialPint", 0.00056826125},
                             {"KilocubicFoot", 28.316846592},
                             {"KilocubicMeter", 1000},
                             {"KiloimperialGallon", 4.546090000001815},
                             {"Kiloliter", 1},
                             {"KilousGallon", 3.78541},
                             {"Liter", 0.001},
                             {"MegacubicFoot", 28316.846592},
                             {"MegaimperialGallon", 4546.090000001815},
                             {"Megaliter", 1000},
                             {"MegausGallon", 3785.41},
                             {"MetricCup", 0.00025},
                             {"MetricTeaspoon", 5e-06},
                             {"Microliter", 1e-09},
                             {"Milliliter", 1e-06},
                             {"OilBarrel", 0.158987294928},
                             {"UkTablespoon", 1.5e-05},
                             {"UsBeerBarrel", 0.1173477658},
                             {"UsCustomaryCup", 0.0002365882365},
                             {"UsGallon", 0.00378541},
                             {"UsLegalCup", 0.00024},
                             {"UsOunce", 2.95735295625376e-05},
                             {"UsPint", 0.000473176473},
                             {"UsQuart", 0.000946352946},
                             {"UsTablespoon", 1.478676478125e-05},
                             {"UsTeaspoon", 4.92892159375e-06}};

/// kelvin = value * scale + offset
struct Scale {
  std::string_view name;
  double scale;
  double offset;
};
constexpr double kZero = 273.15;  ///< degrees Celsius
constexpr Scale kTemperatures[] = {{"DegreeCelsius", 1, kZero},
                                   {"DegreeDelisle", -2.0 / 3, 373.15},
                                   {"DegreeFahrenheit", 5.0 / 9, 459.67 * 5 / 9},
                                   {"DegreeNewton", 100.0 / 33, kZero},
                                   {"DegreeRankine", 5.0 / 9, 0},
                                   {"DegreeReaumur", 5.0 / 4, kZero},
                                   {"DegreeRoemer", 40.0 / 21, kZero - 7.5 * 40 / 21},
                                   {"Kelvin", 1, 0},
                                   {"MillidegreeCelsius", 1.0 / 1000, kZero},
                                   {"SolarTemperature", 5778, 0}};

template <class Rows>
auto find_named(const Rows& rows, std::string_view name) {
  const auto found = std::find_if(std::begin(rows), std::end(rows),
                                  [name](const auto& row) { return equal_any_case(row.name, name); });
  return found == std::end(rows) ? nullptr : &*found;
}

template <const auto& units>
Result<Value> converted(const Call& call) {
  const Unit* const from = find_named(units, call.text(1));
  const Unit* const to = find_named(units, call.text(2));
  if (from == nullptr || to == nullptr) return refused(call, call.text(from == nullptr ? 1 : 2));
  const std::optional<double> value = call.real(0);
  if (!value) return Value::null(Type::Real);
  return Value::of_real(from == to ? *value : *value * from->factor / to->factor);
}

/// A tilt is the sine of its angle.
Result<Value> angle(const Call& call) {
  static constexpr std::string_view kTilt = "Tilt";
  const bool from_tilt = equal_any_case(call.text(1), kTilt);
  const bool to_tilt = equal_any_case(call.text(2), kTilt);
  if (!from_tilt && !to_tilt) return converted<kAngles>(call);
  const Unit* const from = from_tilt ? nullptr : find_named(kAngles, call.text(1));
  const Unit* const to = to_tilt ? nullptr : find_named(kAngles, call.text(2));
  if (!from_tilt && from == nullptr) return refused(call, call.text(1));
  if (!to_tilt && to == nullptr) return refused(call, call.text(2));
  const std::optional<double> value = call.real(0);
  if (!value || (from_tilt && to_tilt)) return value ? Value::of_real(*value) : Value::null(Type::Real);
  const double degrees = from_tilt ? std::asin(*value) * 180 / std::numbers::pi : *value * from->factor;
  return Value::of_real(to_tilt ? std::sin(degrees * std::numbers::pi / 180) : degrees / to->factor);
}

Result<Value> temperature(const Call& call) {
  const Scale* const from = find_named(kTemperatures, call.text(1));
  const Scale* const to = find_named(kTemperatures, call.text(2));
  if (from == nullptr || to == nullptr) return refused(call, call.text(from == nullptr ? 1 : 2));
  const std::optional<double> value = call.real(0);
  if (!value) return Value::null(Type::Real);
  return Value::of_real(from == to ? *value : (*value * from->scale + from->offset - to->offset) / to->scale);
}

constexpr EvaluationRow kRows[] = {{"convert_angle", angle, 3, 3},
                                   {"convert_energy", converted<kEnergies>, 3, 3},
                                   {"convert_force", converted<kForces>, 3, 3},
                                   {"convert_length", converted<kLengths>, 3, 3},
                                   {"convert_mass", converted<kMasses>, 3, 3},
                                   {"convert_speed", converted<kSpeeds>, 3, 3},
                                   {"convert_temperature", temperature, 3, 3},
                                   {"convert_volume", converted<kVolumes>, 3, 3}};

}  // namespace

EvaluationRows unit_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
