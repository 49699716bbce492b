#include "posture/score.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "posture/risk.h"

namespace redoubt::posture {
namespace {

Assessment one(std::uint32_t resource, Health health, std::uint32_t control = 0,
               std::uint32_t subscription = 0) {
  return {subscription, control, resource, health};
}

std::vector<Assessment> resources(std::uint32_t healthy, std::uint32_t unhealthy) {
  std::vector<Assessment> out;
  for (std::uint32_t i = 0; i < healthy + unhealthy; ++i)
    out.push_back(one(i, i < healthy ? Health::Healthy : Health::Unhealthy));
  return out;
}

TEST(SecureScore, TheDocumentedExample) {
  std::vector<Assessment> assessments = resources(4, 74);
  const double maxima[] = {6};
  const SecureScore score = secure_score(maxima, 1, assessments);
  EXPECT_EQ(rounded_score(score.subscriptions[0].current), 0.31);
  EXPECT_EQ(score.subscriptions[0].max, 6);
  EXPECT_EQ(score.weight, 78U);
}

TEST(SecureScore, OneFailingCheckMakesAResourceUnhealthy) {
  std::vector<Assessment> assessments = {one(1, Health::Healthy), one(1, Health::Unhealthy),
                                         one(1, Health::Unknown), one(2, Health::Healthy),
                                         one(2, Health::NotApplicable)};
  const double maxima[] = {4};
  const SecureScore score = secure_score(maxima, 1, assessments);
  EXPECT_EQ(score.controls[0].unhealthy, 1U);
  EXPECT_EQ(score.controls[0].healthy, 1U);
  EXPECT_EQ(score.percentage, 0.5);
}

TEST(SecureScore, UnknownIsNeither) {
  std::vector<Assessment> assessments = {one(1, Health::Unknown), one(1, Health::Healthy),
                                         one(2, Health::Healthy)};
  const double maxima[] = {4};
  const SecureScore score = secure_score(maxima, 1, assessments);
  EXPECT_EQ(score.controls[0].unknown, 1U);
  EXPECT_EQ(score.percentage, 1.0);
}

TEST(SecureScore, ControlsWithoutAssessmentsDoNotCount) {
  std::vector<Assessment> assessments = {one(1, Health::Healthy), one(1, Health::NotApplicable, 1)};
  const double maxima[] = {4, 10};
  const SecureScore score = secure_score(maxima, 1, assessments);
  EXPECT_EQ(score.subscriptions[0].max, 4);
  EXPECT_EQ(score.percentage, 1.0);
}

TEST(SecureScore, NothingAssessed) {
  std::vector<Assessment> none;
  const double maxima[] = {4};
  EXPECT_FALSE(secure_score(maxima, 0, none).percentage);
  std::vector<Assessment> without_points = resources(3, 1);
  const double zero[] = {0};
  EXPECT_FALSE(secure_score(zero, 1, without_points).percentage);
}

TEST(SecureScore, SubscriptionsAreWeighted) {
  std::vector<Assessment> assessments;
  for (std::uint32_t i = 0; i < 10; ++i)
    assessments.push_back(one(i, i < 1 ? Health::Healthy : Health::Unhealthy, 0, 0));
  for (std::uint32_t i = 0; i < 30; ++i)
    assessments.push_back(one(i, Health::Healthy, 0, 1));
  const double maxima[] = {4};
  EXPECT_NEAR(*secure_score(maxima, 2, assessments).percentage, (0.1 * 10 + 1.0 * 30) / 40, 1e-12);
}

/// An estate of checks for generated cases.
struct Estate {
  std::vector<double> maxima;
  std::uint32_t subscriptions = 0;
  std::vector<Assessment> assessments;  // any number for a resource and a control
};

Estate generate(std::mt19937& random) {
  const auto up_to = [&](std::uint32_t most) { return static_cast<std::uint32_t>(random() % (most + 1)); };
  Estate out;
  out.maxima.resize(1 + up_to(14));
  for (double& max : out.maxima)
    max = up_to(10);
  out.subscriptions = 1 + up_to(3);
  const std::uint32_t size = up_to(120);
  const std::uint32_t most_resources = up_to(40);
  for (std::uint32_t i = 0; i < size; ++i) {
    const std::uint32_t resource = up_to(most_resources);
    out.assessments.push_back(one(resource, static_cast<Health>(up_to(3)),
                                  up_to(static_cast<std::uint32_t>(out.maxima.size()) - 1),
                                  resource % out.subscriptions));
  }
  return out;
}

/// The formula as the documentation writes it, resource by resource.
struct Plain {
  std::vector<std::optional<double>> subscriptions;
  std::optional<double> all;
};

Plain plain(const Estate& estate) {
  Plain out;
  double weighted = 0;
  double weights = 0;
  for (std::uint32_t subscription = 0; subscription < estate.subscriptions; ++subscription) {
    double current = 0;
    double max = 0;
    double weight = 0;
    for (std::uint32_t control = 0; control < estate.maxima.size(); ++control) {
      std::map<std::uint32_t, std::vector<Health>> by_resource;
      for (const Assessment& assessment : estate.assessments)
        if (assessment.subscription == subscription && assessment.control == control)
          by_resource[assessment.resource].push_back(assessment.health);
      double healthy = 0;
      double unhealthy = 0;
      for (const auto& [resource, all] : by_resource) {
        const auto has = [&](Health health) { return std::count(all.begin(), all.end(), health) != 0; };
        if (has(Health::Unhealthy))
          unhealthy += 1;
        else if (!has(Health::Unknown) && has(Health::Healthy))
          healthy += 1;
      }
      if (healthy + unhealthy == 0) continue;
      current += estate.maxima[control] / (healthy + unhealthy) * healthy;
      max += estate.maxima[control];
      weight += healthy + unhealthy;
    }
    out.subscriptions.push_back(max > 0 ? std::optional(current / max) : std::nullopt);
    if (max <= 0) continue;
    weighted += current / max * weight;
    weights += weight;
  }
  if (weights > 0) out.all = weighted / weights;
  return out;
}

void expect_near(const std::optional<double>& left, const std::optional<double>& right) {
  ASSERT_EQ(left.has_value(), right.has_value());
  if (left) {
    EXPECT_NEAR(*left, *right, 1e-12);
  }
}

TEST(SecureScore, AThousandGeneratedCasesAgreeWithAPlainComputation) {
  std::mt19937 random(20'261'126);
  for (int i = 0; i < 1'000; ++i) {
    SCOPED_TRACE(i);
    Estate estate = generate(random);
    const Plain expected = plain(estate);
    std::shuffle(estate.assessments.begin(), estate.assessments.end(), random);
    const SecureScore score = secure_score(estate.maxima, estate.subscriptions, estate.assessments);
    expect_near(score.percentage, expected.all);
    for (std::uint32_t one_of = 0; one_of < estate.subscriptions; ++one_of)
      expect_near(score.subscriptions[one_of].percentage(), expected.subscriptions[one_of]);
  }
}

/// `before` <= `after`, where a score that is not there yet is lower than any.
void expect_not_lower(const std::optional<double>& before, const std::optional<double>& after) {
  if (before) {
    ASSERT_TRUE(after);
    EXPECT_GE(*after, *before - 1e-12);
  }
}

TEST(SecureScore, FixingNeverLowersIt) {
  std::mt19937 random(7);
  for (int sequence = 0; sequence < 1'000; ++sequence) {
    SCOPED_TRACE(sequence);
    Estate estate = generate(random);
    // Where verdicts are open, a fixed resource leaves the count: that is not monotone over subscriptions of
    // different weight, and docs/score.md says so.
    for (Assessment& assessment : estate.assessments)
      if (assessment.health == Health::Unknown) assessment.health = Health::Healthy;
    std::shuffle(estate.assessments.begin(), estate.assessments.end(), random);
    std::vector<Assessment> work = estate.assessments;
    SecureScore before = secure_score(estate.maxima, estate.subscriptions, work);
    for (Assessment& assessment : estate.assessments) {
      if (assessment.health != Health::Unhealthy) continue;
      assessment.health = Health::Healthy;
      work = estate.assessments;
      SecureScore after = secure_score(estate.maxima, estate.subscriptions, work);
      expect_not_lower(before.percentage, after.percentage);
      for (std::uint32_t i = 0; i < estate.subscriptions; ++i)
        expect_not_lower(before.subscriptions[i].percentage(), after.subscriptions[i].percentage());
      before = std::move(after);
    }
    if (before.percentage) {
      EXPECT_NEAR(*before.percentage, 1.0, 1e-12);
    }
  }
}

TEST(SecureScore, FixingNeverLowersThatOfASubscriptionWhateverIsOpen) {
  std::mt19937 random(8);
  for (int sequence = 0; sequence < 1'000; ++sequence) {
    SCOPED_TRACE(sequence);
    Estate estate = generate(random);
    std::vector<Assessment> work = estate.assessments;
    SecureScore before = secure_score(estate.maxima, estate.subscriptions, work);
    for (Assessment& assessment : estate.assessments) {
      if (assessment.health != Health::Unhealthy) continue;
      // A fix may also take a check off, or leave it open.
      assessment.health = static_cast<Health>(random() % 3);
      work = estate.assessments;
      SecureScore after = secure_score(estate.maxima, estate.subscriptions, work);
      for (std::uint32_t i = 0; i < estate.subscriptions; ++i) {
        const std::optional<double> now = after.subscriptions[i].percentage();
        if (now) expect_not_lower(before.subscriptions[i].percentage(), now);
      }
      before = std::move(after);
    }
  }
}

TEST(Risk, OrderOfSeverities) {
  Risk nothing;
  Risk all;
  all.exposure = Exposure::Open;
  all.sensitivity = 2;
  all.blast = 3;
  EXPECT_GT(risk_points(Level::Critical, nothing), risk_points(Level::Medium, all));
  EXPECT_LT(risk_points(Level::Low, all), risk_points(Level::High, nothing));
  EXPECT_EQ(risk_points(Level::Critical, all), 130U);
  EXPECT_EQ(risk_points(Level::Low, nothing), 4U);
}

TEST(Risk, RisesWithEveryPart) {
  for (const Level level : {Level::Low, Level::Medium, Level::High, Level::Critical})
    for (int exposure = 0; exposure < 3; ++exposure)
      for (std::uint8_t sensitivity = 0; sensitivity < 3; ++sensitivity)
        for (std::uint8_t blast = 0; blast < 4; ++blast) {
          const Risk risk{0, static_cast<Exposure>(exposure), {}, sensitivity, blast};
          const std::uint32_t points = risk_points(level, risk);
          const auto with = [&](auto change) {
            Risk more = risk;
            change(more);
            return risk_points(level, more);
          };
          if (level != Level::Critical) {
            EXPECT_GT(risk_points(static_cast<Level>(static_cast<int>(level) + 1), risk), points);
          }
          if (exposure < 2) {
            EXPECT_GT(with([&](Risk& more) { more.exposure = static_cast<Exposure>(exposure + 1); }), points);
          }
          if (sensitivity < 2) {
            EXPECT_GT(with([](Risk& more) { ++more.sensitivity; }), points);
          }
          if (blast < 3) {
            EXPECT_GT(with([](Risk& more) { ++more.blast; }), points);
          }
        }
}

TEST(Risk, StepsOfBlastRadius) {
  EXPECT_EQ(blast_step(0), 0);
  EXPECT_EQ(blast_step(1), 1);
  EXPECT_EQ(blast_step(9), 1);
  EXPECT_EQ(blast_step(10), 2);
  EXPECT_EQ(blast_step(99), 2);
  EXPECT_EQ(blast_step(100), 3);
}

TEST(Risk, ExposureOfAParentIsThatOfItsChildren) {
  std::vector<ResourceRisk> resources(3);
  resources[1].parent = 0;
  resources[2].parent = 1;
  const std::vector<Risk> risks = assess_risk(resources, {{0, 5, true}, {2, 6, false}},
                                              {{0, Level::Low}, {1, Level::Low}, {2, Level::Low}});
  for (const Risk& risk : risks) {
    EXPECT_EQ(risk.exposure, Exposure::Open);
    EXPECT_EQ(risk.exposed_by, 5U);
  }
}

/// A finding of a generated case: fixing it takes its sign of exposure away, too.
struct Generated {
  OpenFinding finding;
  bool exposes = false;
};

std::vector<Risk> risks_of(const std::vector<ResourceRisk>& resources, const std::vector<Generated>& findings,
                           const std::vector<ExposureSign>& unknown) {
  std::vector<ExposureSign> signs = unknown;
  std::vector<OpenFinding> open;
  for (const Generated& generated : findings) {
    open.push_back(generated.finding);
    if (generated.exposes) signs.push_back({generated.finding.resource, 1, true});
  }
  return assess_risk(resources, signs, open);
}

TEST(Risk, FixingNeverRaisesAny) {
  std::mt19937 random(9);
  for (int sequence = 0; sequence < 1'000; ++sequence) {
    SCOPED_TRACE(sequence);
    std::vector<ResourceRisk> resources(1 + random() % 12);
    for (std::uint32_t i = 0; i < resources.size(); ++i) {
      if (i > 0 && random() % 2 == 0) resources[i].parent = static_cast<std::uint32_t>(random() % i);
      resources[i].sensitivity = static_cast<std::uint8_t>(random() % 3);
      resources[i].dependents = random() % 200;
    }
    const auto any = [&] { return static_cast<std::uint32_t>(random() % resources.size()); };
    std::vector<ExposureSign> unknown;
    for (std::size_t i = random() % 3; i > 0; --i)
      unknown.push_back({any(), 2, false});
    std::vector<Generated> findings;
    for (std::size_t i = random() % 20; i > 0; --i)
      findings.push_back({{any(), static_cast<Level>(1 + random() % 4)}, random() % 3 == 0});
    std::vector<Risk> before = risks_of(resources, findings, unknown);
    while (!findings.empty()) {
      const auto fixed = static_cast<std::ptrdiff_t>(random() % findings.size());
      findings.erase(findings.begin() + fixed);
      before.erase(before.begin() + fixed);
      const std::vector<Risk> after = risks_of(resources, findings, unknown);
      for (std::size_t i = 0; i < after.size(); ++i)
        EXPECT_LE(after[i].points, before[i].points);
      before = after;
    }
  }
}

}  // namespace
}  // namespace redoubt::posture
