#include "kql/library_functions.h"

#include <array>

#include "kql/functions.h"

namespace redoubt::kql {

namespace {

constexpr std::uint8_t kEverywhere = kAdx | kFabric | kLogAnalytics | kSentinel;

// Source: MicrosoftDocs/dataexplorer-docs, functions-library, and the applies-to marks of its pages.
constexpr std::array kNames = {
    LibraryFunction{"bartlett_test_fl", kAdx | kFabric},
    LibraryFunction{"binomial_test_fl", kAdx | kFabric},
    LibraryFunction{"comb_fl", kEverywhere},
    LibraryFunction{"dbscan_dynamic_fl", kAdx | kFabric},
    LibraryFunction{"dbscan_fl", kAdx | kFabric},
    LibraryFunction{"detect_anomalous_access_cf_fl", kEverywhere},
    LibraryFunction{"detect_anomalous_new_entity_fl", kEverywhere},
    LibraryFunction{"detect_anomalous_spike_fl", kEverywhere},
    LibraryFunction{"entropy_fl", kEverywhere},
    LibraryFunction{"factorial_fl", kEverywhere},
    LibraryFunction{"geoip_fl", kAdx | kFabric},
    LibraryFunction{"get_packages_version_fl", kAdx | kFabric},
    LibraryFunction{"graph_blast_radius_fl", kEverywhere},
    LibraryFunction{"graph_exposure_perimeter_fl", kEverywhere},
    LibraryFunction{"graph_node_centrality_fl", kEverywhere},
    LibraryFunction{"graph_path_discovery_fl", kEverywhere},
    LibraryFunction{"kmeans_dynamic_fl", kAdx | kFabric},
    LibraryFunction{"kmeans_fl", kAdx | kFabric},
    LibraryFunction{"ks_test_fl", kAdx | kFabric},
    LibraryFunction{"levene_test_fl", kAdx | kFabric},
    LibraryFunction{"log_reduce_fl", kAdx | kFabric},
    LibraryFunction{"log_reduce_full_fl", kAdx | kFabric},
    LibraryFunction{"log_reduce_predict_fl", kAdx | kFabric},
    LibraryFunction{"log_reduce_predict_full_fl", kAdx | kFabric},
    LibraryFunction{"log_reduce_train_fl", kAdx | kFabric},
    LibraryFunction{"mann_whitney_u_test_fl", kAdx | kFabric},
    LibraryFunction{"normality_test_fl", kAdx | kFabric},
    LibraryFunction{"pair_probabilities_fl", kAdx | kFabric},
    LibraryFunction{"pairwise_dist_fl", kAdx | kFabric},
    LibraryFunction{"percentiles_linear_fl", kAdx | kFabric},
    LibraryFunction{"perm_fl", kEverywhere},
    LibraryFunction{"plotly_anomaly_fl", kEverywhere},
    LibraryFunction{"plotly_gauge_fl", kEverywhere},
    LibraryFunction{"plotly_graph_fl", kAdx | kFabric},
    LibraryFunction{"plotly_scatter3d_fl", kEverywhere},
    LibraryFunction{"predict_fl", kEverywhere},
    LibraryFunction{"predict_onnx_fl", kEverywhere},
    LibraryFunction{"quantize_fl", kEverywhere},
    LibraryFunction{"series_clean_anomalies_fl", kEverywhere},
    LibraryFunction{"series_cosine_similarity_fl", kEverywhere},
    LibraryFunction{"series_dbl_exp_smoothing_fl", kEverywhere},
    LibraryFunction{"series_dot_product_fl", kEverywhere},
    LibraryFunction{"series_downsample_fl", kEverywhere},
    LibraryFunction{"series_exp_smoothing_fl", kEverywhere},
    LibraryFunction{"series_fbprophet_forecast_fl", kAdx | kFabric},
    LibraryFunction{"series_fit_lowess_fl", kAdx | kFabric},
    LibraryFunction{"series_fit_poly_fl", kAdx | kFabric},
    LibraryFunction{"series_lag_fl", kEverywhere},
    LibraryFunction{"series_metric_fl", kEverywhere},
    LibraryFunction{"series_monthly_decompose_anomalies_fl", kEverywhere},
    LibraryFunction{"series_moving_avg_fl", kEverywhere},
    LibraryFunction{"series_moving_var_fl", kEverywhere},
    LibraryFunction{"series_mv_ee_anomalies_fl", kAdx | kFabric},
    LibraryFunction{"series_mv_if_anomalies_fl", kAdx | kFabric},
    LibraryFunction{"series_mv_oc_anomalies_fl", kAdx | kFabric},
    LibraryFunction{"series_rate_fl", kEverywhere},
    LibraryFunction{"series_rolling_fl", kAdx | kFabric},
    LibraryFunction{"series_shapes_fl", kEverywhere},
    LibraryFunction{"series_uv_anomalies_fl", kAdx},
    LibraryFunction{"series_uv_change_points_fl", kAdx},
    LibraryFunction{"slm_embeddings_fl", kAdx | kFabric},
    LibraryFunction{"time_weighted_avg2_fl", kEverywhere},
    LibraryFunction{"time_weighted_avg_fl", kEverywhere},
    LibraryFunction{"time_weighted_val_fl", kEverywhere},
    LibraryFunction{"time_window_rolling_avg_fl", kEverywhere},
    LibraryFunction{"tokenize_fl", kEverywhere},
    LibraryFunction{"two_sample_t_test_fl", kAdx | kFabric},
    LibraryFunction{"wilcoxon_test_fl", kAdx | kFabric},
};

}  // namespace

std::span<const LibraryFunction> library_functions() { return kNames; }

}  // namespace redoubt::kql
