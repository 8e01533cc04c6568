#pragma once

#include "plan/budgets.h"
#include "plan/layerprofile.h"
#include "plan/layertimes.h"
#include "plan/pins.h"
#include "plan/results.h"
#include "plan/sensitivity.h"
#include "plan/variant.h"
#include "plan/verboptions.h"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace edgeflex {

// Everything an engineer did with a model, but for its weights, which are named by path and identity.
struct Session
{
    ModelSource model;
    ModelSummary summary;    // summary.identity says whether the weights are still the same
    std::string calibration; // folder or file as given; empty: none chosen yet
    std::string search;      // empty: one calibration image in five
    std::string data;        // images that judge
    int batch = 1;           // of latency and peak memory
    ScheduleKind schedule = ScheduleKind::Tight;
    Budgets budgets;
    CompressionPlan plan; // as edited last
    Pins pins;            // of the plan, which solving leaves as they are
    std::optional<ActivationProfile> profile;
    std::optional<Sensitivity> sensitivity;
    std::optional<LayerTimes> times;
    std::vector<Variant> variants; // in the order measured, the baseline first
    std::vector<int> recipe;       // ids of the variants that are steps of the EdgeFlex recipe, in order

    // nullptr where there is none.
    const Variant *variant(int id) const;
    const Variant *baseline() const;
    int nextVariantId() const;

    bool operator==(const Session &) const = default;
};

// A session is a folder: session.json and small tables beside it, profile.json, sensitivity.json, times.json and
// variants.json as far as there are such.
inline constexpr char sessionFile[] = "session.json";
// Every file of the folder by name, with its text.
std::map<std::string, std::string> sessionFiles(const Session &session);
// Reads a folder, or its session.json. Throws Error naming the file and the field.
Session openSession(const std::string &path);

} // namespace edgeflex
