#pragma once

#include "engine/io/safetensors.h"
#include "engine/model/vitmodel.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace edgeflex {

// A model folder of ours:
//   config.json        {"edgeflex": {"formatVersion": 1, "spec": ..., "provenance": {...}}}
//   model.safetensors  prefix_tokens, pos_embed, <norm>.weight, <norm>.bias and for each linear layer
//                      <layer>.weight, .weight_scale, .weight_zero_point, .bias, .input_scale as its
//                      format has them (shapes as in LinearWeights)
inline constexpr char savedConfigFile[] = "config.json";
inline constexpr char savedWeightsFile[] = "model.safetensors";
//   model.packed       the linear layers once more, as kernels read them (see PackedWeights); may be missing
inline constexpr char savedPackedFile[] = "model.packed";

// Every tensor of the model with the name that it has in such a folder, in one fixed order.
void visitSavedTensors(const VitModel &model,
                       const std::function<void(const std::string &name, const Tensor &tensor)> &visit);
// Every tensor that a saved model of this spec has.
std::vector<TensorEntry> savedTensors(const ModelSpec &spec);
// The text of config.json.
std::string savedConfig(const ModelSpec &spec, const std::map<std::string, std::string> &provenance);

// The model of a saved folder from its parts; `configName` stands for the folder's config.json in errors.
// Nothing is trusted: the spec is validated and every tensor checked against it.
VitModel modelFromSaved(std::string_view config, const std::string &configName, const WeightFile &file);
// Opens a folder for which isSavedModel().
VitModel openSavedModel(const std::string &folder);

} // namespace edgeflex
