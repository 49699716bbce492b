#include "kql/detail/function_rows.h"
#include "kql/detail/function_tables.h"

namespace redoubt::kql::detail {

namespace {

constexpr Signatures kPacking = RD_LIST(
    laid_out(Layout::Blocks, gives_bag(RD_LIST(one_or_more(string("key")), one_or_more(scalar("value"))))));
constexpr Signatures kSetAlgebra = RD_LIST(gives_array(RD_LIST(times(2, 64, array("set")))));
constexpr Signatures kChoiceByElement =
    RD_LIST(gives_array(RD_LIST(array("condition_array"), scalar("when_true"), scalar("when_false"))));
constexpr Signatures kShifting = RD_LIST(
    gives(Argument0, RD_LIST(array("array"), integer("shift_count"), optional(scalar("default_value")))));
// A last argument of type bool is nulls_last.
constexpr Signatures kSorting = RD_LIST(
    laid_out(Layout::ByKind,
             gives(ColumnsByName, RD_LIST(times(1, 64, array("arrays")), optional(boolean("nulls_last"))))));

// Arrays and property bags. Sorted by name.
constexpr std::array kRows = {
    pure("array_concat", RD_LIST(gives_array(RD_LIST(times(1, 64, array("array"))))),
         "array-concat-function"),
    pure("array_iff", kChoiceByElement, "array-iff-function"),
    hidden(alias("array_iff", pure("array_iif", kChoiceByElement, "array-iff-function"))),
    pure(
        "array_index_of",
        RD_LIST(gives(Long, RD_LIST(array("array"), scalar("value"), optional(integer("start")),
                                    optional(integer("length")), optional(constant(integer("occurrence")))))),
        "array-index-of-function"),
    pure("array_length", RD_LIST(gives(Long, RD_LIST(array("array")))), "array-length-function"),
    pure("array_reverse", RD_LIST(gives(Argument0, RD_LIST(array("value")))), "array-reverse-function"),
    pure("array_rotate_left", RD_LIST(gives(Argument0, RD_LIST(array("array"), integer("rotate_count")))),
         "array-rotate-left-function"),
    pure("array_rotate_right", RD_LIST(gives(Argument0, RD_LIST(array("array"), integer("rotate_count")))),
         "array-rotate-right-function"),
    pure("array_shift_left", kShifting, "array-shift-left-function"),
    pure("array_shift_right", kShifting, "array-shift-right-function"),
    pure("array_slice", RD_LIST(gives(Argument0, RD_LIST(array("array"), integer("start"), integer("end")))),
         "array-slice-function"),
    impure("array_sort_asc", kSorting, "array-sort-asc-function"),
    impure("array_sort_desc", kSorting, "array-sort-desc-function"),
    pure("array_split",
         RD_LIST(gives(Argument0, RD_LIST(array("array"), integer("index"))),
                 gives(Argument0, RD_LIST(array("array"), array("indices")))),
         "array-split-function"),
    alias("strcat_array",
          pure("array_strcat", RD_LIST(gives(String, RD_LIST(array("array"), scalar("delimiter")))),
               "strcat-array-function")),
    alias("array_length",
          deprecated("array_length", pure("arraylength", RD_LIST(gives(Long, RD_LIST(array("array")))),
                                          "array-length-function"))),
    pure("bag_has_key", RD_LIST(gives(Bool, RD_LIST(bag("bag"), string("key")))), "bag-has-key-function"),
    pure("bag_keys", RD_LIST(gives_array(RD_LIST(bag("object")))), "bag-keys-function"),
    pure("bag_merge", RD_LIST(gives_bag(RD_LIST(times(2, 64, bag("bag"))))), "bag-merge-function"),
    pure("bag_pack", kPacking, "pack-function"),
    pure("bag_pack_columns", RD_LIST(gives_bag(RD_LIST(one_or_more(column(scalar("value")))))),
         "bag-pack-columns-function"),
    pure("bag_remove_keys", RD_LIST(gives_bag(RD_LIST(bag("bag"), array("keys")))),
         "bag-remove-keys-function"),
    pure("bag_set_key", RD_LIST(gives_bag(RD_LIST(bag("bag"), constant(string("key")), scalar("value")))),
         "bag-set-key-function"),
    pure("bag_zip", RD_LIST(gives_bag(RD_LIST(array("keys"), array("values")))), "bag-zip"),
    pure("column_names_of", RD_LIST(gives_array(RD_LIST(table("table")))), "column-names-of-function"),
    pure("dynamic_to_json", RD_LIST(gives(String, RD_LIST(scalar("dynamic")))), "dynamic-to-json-function"),
    pure("jaccard_index", RD_LIST(gives_array(RD_LIST(times(2, 2, array("set"))))), "jaccard-index-function"),
    alias("bag_pack", deprecated("bag_pack", pure("pack", kPacking, "pack-function"))),
    pure("pack_all", RD_LIST(gives_bag(RD_LIST(optional(literal(scalar("ignore_null_empty")))))),
         "pack-all-function"),
    pure("pack_array",
         RD_LIST(gives_array(RD_LIST(one_or_more(scalar("value")))), gives_array(RD_LIST(star("value")))),
         "pack-array-function"),
    alias("bag_pack", deprecated("bag_pack", pure("pack_dictionary", kPacking, "pack-function"))),
    pure("range",
         RD_LIST(
             gives(Argument0Array, RD_LIST(summable("start"), summable("stop"), optional(summable("step"))))),
         "range-function"),
    pure("repeat", RD_LIST(gives(Argument0Array, RD_LIST(scalar("value"), typed(Long, "count")))),
         "repeat-function", PrefixAndFirstArgument, "repeat"),
    pure("set_difference", kSetAlgebra, "set-difference-function"),
    only(kAdx, pure("set_equals", RD_LIST(gives(Bool, RD_LIST(array("set1"), array("set2")))), "")),
    pure("set_has_element", RD_LIST(gives(Bool, RD_LIST(array("set"), scalar("value")))),
         "set-has-element-function"),
    pure("set_intersect", kSetAlgebra, "set-intersect-function"),
    pure("set_union", kSetAlgebra, "set-union-function"),
    pure("treepath", RD_LIST(gives_array(RD_LIST(bag("object")))), "treepath-function",
         PrefixAndFirstArgument, "tree"),
    pure("zip", RD_LIST(gives_array(RD_LIST(times(2, 64, array("array"))))), "zip-function"),
};

}  // namespace

std::span<const Function> dynamic_functions() { return kRows; }

}  // namespace redoubt::kql::detail
