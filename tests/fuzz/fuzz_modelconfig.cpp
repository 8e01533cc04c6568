#include "engine/io/hfconfig.h"
#include "engine/model/namemapping.h"
#include "engine/model/savedmodel.h"
#include "plan/error.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// An input is three texts with a zero byte between them: config.json, preprocessor_config.json, and the
// tensors, a line each: "name type extent extent ...", with type f (F32), h (F16) or i (I8). A line "=N"
// gives --heads.

namespace {

using namespace edgeflex;

constexpr std::int64_t largestTensor = 1 << 16; // values

std::string_view takeUntil(std::string_view &text, char end)
{
    const std::size_t at = text.find(end);
    const std::string_view taken = text.substr(0, at);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
    return taken;
}

void addTensor(std::string_view line, WeightFile &file)
{
    const std::string name(takeUntil(line, ' '));
    const std::string_view type = takeUntil(line, ' ');
    std::vector<std::int64_t> shape;
    std::int64_t elements = 1;
    while (!line.empty() && shape.size() < 8) {
        std::int64_t extent = 0;
        for (const char c : takeUntil(line, ' '))
            if (c >= '0' && c <= '9' && extent < largestTensor)
                extent = extent * 10 + (c - '0');
        shape.push_back(extent);
        elements *= extent;
        if (elements > largestTensor)
            return;
    }
    const DType dtype = type == "h" ? DType::F16 : type == "i" ? DType::I8 : DType::F32;
    file.tensors[name] = Tensor::zeros(dtype, shape);
}

void touch(const LinearWeights &weights)
{
    weights.check();
    (void)weights.values.toFloat();
    (void)weights.bias.toFloat();
}

void touchAll(const VitModel &model)
{
    for (const LinearSpec *linear : model.spec.linears()) {
        if (!linear->isAbsent())
            touch(model.linear(linear->name));
    }
    (void)model.weights.prefixTokens.toFloat();
    (void)model.weights.positionEmbedding.toFloat();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    std::string_view text(reinterpret_cast<const char *>(data), size);
    const std::string_view config = takeUntil(text, '\0');
    const std::string_view preprocessor = takeUntil(text, '\0');
    WeightFile file;
    file.path = "input.safetensors";
    ModelSource source;
    while (!text.empty()) {
        const std::string_view line = takeUntil(text, '\n');
        if (line.size() == 2 && line[0] == '=')
            source.heads = line[1] - '0';
        else
            addTensor(line, file);
    }
    try {
        touchAll(modelFromSaved(config, "config.json", file));
    } catch (const Error &) {
    }
    try {
        touchAll(mapModel(file, parseModelConfig(config, "config.json", preprocessor, "preprocessor_config.json"),
                          source, "input"));
    } catch (const Error &) {
    }
    return 0;
}
