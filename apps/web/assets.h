#pragma once

#include <string_view>

/// The files of this folder as they were when the program was built.
namespace anneal::apps::web {

extern const std::string_view uplot_license;
extern const std::string_view uplot_uplot_iife_min_js;
extern const std::string_view uplot_uplot_min_css;
extern const std::string_view charts_js;
extern const std::string_view compare_charts_js;
extern const std::string_view compare_css;
extern const std::string_view compare_js;
extern const std::string_view compare_marks_js;
extern const std::string_view run_css;
extern const std::string_view run_js;
extern const std::string_view find_lr_js;
extern const std::string_view runs_js;

}  // namespace anneal::apps::web
