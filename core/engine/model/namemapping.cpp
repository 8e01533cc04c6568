#include "engine/model/namemapping.h"

#include "engine/io/checkedsize.h"
#include "engine/io/printable.h"
#include "plan/error.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

namespace edgeflex {

namespace {

enum class Naming { Timm, HuggingFace, Torchvision, InProjBlocks };

std::string_view toString(Naming naming)
{
    switch (naming) {
    case Naming::Timm:
        return "timm";
    case Naming::HuggingFace:
        return "huggingface";
    case Naming::Torchvision:
        return "torchvision";
    case Naming::InProjBlocks:
        return "in_proj blocks";
    }
    return "";
}

using Renaming = std::pair<std::string_view, std::string_view>; // a name or its beginning, the role's

// Names outside the blocks and within them, in front of ".weight" and ".bias" or in full.
struct NameTable
{
    std::string_view blockPrefix; // a block's names begin with this and the block's number
    std::vector<Renaming> model;
    std::vector<Renaming> block;
};

const NameTable &tableOf(Naming naming)
{
    static const NameTable timm{"blocks.",
                                {{"cls_token", "class"},
                                 {"reg_token", "registers"},
                                 {"pos_embed", "positions"},
                                 {"patch_embed.proj", "patch"},
                                 {"norm_pre", "pre_norm"},
                                 {"norm", "norm"},
                                 {"fc_norm", "fc_norm"},
                                 {"pre_logits.fc", "pre_logits"},
                                 {"head", "head"}},
                                {{"norm1", "norm1"},
                                 {"attn.qkv", "qkv"},
                                 {"attn.proj", "proj"},
                                 {"ls1.gamma", "scale1"},
                                 {"gamma_1", "scale1"},
                                 {"norm2", "norm2"},
                                 {"mlp.fc1", "fc1"},
                                 {"mlp.fc2", "fc2"},
                                 {"ls2.gamma", "scale2"},
                                 {"gamma_2", "scale2"}}};
    static const NameTable huggingFace{"encoder.layer.",
                                       {{"embeddings.cls_token", "class"},
                                        {"embeddings.position_embeddings", "positions"},
                                        {"embeddings.patch_embeddings.projection", "patch"},
                                        {"layernorm", "norm"},
                                        {"classifier", "head"}},
                                       {{"layernorm_before", "norm1"},
                                        {"attention.attention.query", "query"},
                                        {"attention.attention.key", "key"},
                                        {"attention.attention.value", "value"},
                                        {"attention.output.dense", "proj"},
                                        {"layernorm_after", "norm2"},
                                        {"intermediate.dense", "fc1"},
                                        {"output.dense", "fc2"}}};
    static const NameTable torchvision{"encoder.layers.encoder_layer_",
                                       {{"class_token", "class"},
                                        {"encoder.pos_embedding", "positions"},
                                        {"conv_proj", "patch"},
                                        {"encoder.ln", "norm"},
                                        {"heads.pre_logits", "pre_logits"},
                                        {"heads.head", "head"}},
                                       {{"ln_1", "norm1"},
                                        {"self_attention.in_proj_weight", "qkv.weight"},
                                        {"self_attention.in_proj_bias", "qkv.bias"},
                                        {"self_attention.out_proj", "proj"},
                                        {"ln_2", "norm2"},
                                        {"mlp.0", "fc1"},
                                        {"mlp.3", "fc2"},
                                        {"mlp.linear_1", "fc1"},
                                        {"mlp.linear_2", "fc2"}}};
    static const NameTable inProj{"blocks.",
                                  {{"cls_token", "class"},
                                   {"pos_embed", "positions"},
                                   {"patch_embed.proj", "patch"},
                                   {"norm", "norm"},
                                   {"head", "head"}},
                                  {{"norm1", "norm1"},
                                   {"attn.in_proj_weight", "qkv.weight"},
                                   {"attn.in_proj_bias", "qkv.bias"},
                                   {"attn.out_proj", "proj"},
                                   {"norm2", "norm2"},
                                   {"mlp.0", "fc1"},
                                   {"mlp.2", "fc2"},
                                   {"mlp.3", "fc2"},
                                   {"mlp.fc1", "fc1"},
                                   {"mlp.fc2", "fc2"}}};
    switch (naming) {
    case Naming::Timm:
        return timm;
    case Naming::HuggingFace:
        return huggingFace;
    case Naming::Torchvision:
        return torchvision;
    case Naming::InProjBlocks:
        break;
    }
    return inProj;
}

// Parts of tensor names that give away an architecture which is not executed exactly.
constexpr std::array<std::pair<std::string_view, std::string_view>, 17> notExecuted{
    {{"q_norm", "normalizes queries and keys"},
     {"k_norm", "normalizes queries and keys"},
     {"rope", "uses rotary position embeddings"},
     {"freqs", "uses rotary position embeddings"},
     {"w12", "has a SwiGLU MLP"},
     {"fc1_g", "has a SwiGLU MLP"},
     {"relative_position", "uses relative position biases"},
     {"rel_pos", "uses relative position biases"},
     {"dist_token", "has a distillation token"},
     {"distillation", "has a distillation token"},
     {"head_dist", "has a distillation head"},
     {"attn_pool", "pools by attention"},
     {"downsample", "changes its resolution between stages"},
     {"patch_embed.backbone", "has a convolutional stem"},
     {"conv_stem", "has a convolutional stem"},
     {"patch_embed.norm", "normalizes patches"},
     {"mlp.norm", "normalizes within the MLP"}}};

// Architectures whose tensors look like those of a plain ViT while their computation differs.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> notExecutedNames{
    {{"_rpn", "normalizes after attention and MLP"},
     {"siglip", "uses an activation that the file does not tell"},
     {"dinov3", "uses rotary position embeddings"},
     {"parallel", "runs attention and MLP side by side"}}};

// timm's families, of which the width tells apart those that share a name.
struct Family
{
    std::string_view name;
    std::int64_t width;
    int heads;
};
constexpr std::array families{Family{"tiny", 192, 3},    Family{"little", 320, 5},  Family{"small", 384, 6},
                              Family{"medium", 512, 8},  Family{"mediumd", 512, 8}, Family{"betwixt", 640, 10},
                              Family{"base", 768, 12},   Family{"large", 1024, 16}, Family{"huge", 1280, 16},
                              Family{"giant", 1408, 16}, Family{"giant", 1536, 24}, Family{"gigantic", 1664, 16}};

std::optional<int> headsOfArchitecture(std::string_view architecture, std::int64_t width)
{
    const std::size_t begin = architecture.find('_');
    if (begin == std::string_view::npos)
        return std::nullopt;
    const std::string_view rest = architecture.substr(begin + 1);
    const std::string_view word = rest.substr(0, rest.find('_'));
    for (const Family &family : families)
        if (family.name == word && family.width == width)
            return family.heads;
    return std::nullopt;
}

bool isHarmless(std::string_view name)
{
    return name.ends_with("num_batches_tracked") || name.starts_with("pooler.") || name.ends_with("mask_token") ||
           name.ends_with("position_ids");
}

// A checkpoint's tensors by role: "patch.weight", "0.qkv.bias" (of block 0), ...
class RoleMap
{
public:
    explicit RoleMap(const WeightFile &file) : m_file(file)
    {
        const std::string prefix = commonPrefix();
        std::vector<std::string_view> names;
        for (const auto &[name, tensor] : file.tensors)
            names.push_back(std::string_view(name).substr(prefix.size()));
        for (const std::string_view name : names)
            for (const auto &[part, reason] : notExecuted)
                if (name.find(part) != std::string_view::npos)
                    throw Error(file.path + " " + std::string(reason) + " (tensor " + printable(name) +
                                "), which is not executed: choose a plain Vision Transformer");
        m_naming = detect(names);
        std::size_t at = 0;
        for (const auto &[name, tensor] : file.tensors)
            assign(name, names[at++], tensor);
        if (m_depth == 0)
            throw Error(file.path + " has no transformer blocks");
    }

    Naming naming() const { return m_naming; }
    int depth() const { return m_depth; }

    bool has(const std::string &role) const { return m_roles.contains(role); }
    bool has(int block, std::string_view role) const { return has(blockRole(block, role)); }
    // The checkpoint's name of what plays a role, for sentences.
    std::string nameOf(const std::string &role) const
    {
        const auto found = m_roles.find(role);
        return found == m_roles.end() ? "for " + role : printable(*found->second.name);
    }
    static std::string blockRole(int block, std::string_view role)
    {
        return std::to_string(block) + "." + std::string(role);
    }

    // F32, a view of the file where it has that type and alignment. Throws when it is missing.
    Tensor get(const std::string &role) const
    {
        const Entry &entry = find(role);
        const Tensor &tensor = *entry.tensor;
        switch (tensor.dtype()) {
        case DType::F64:
        case DType::F16:
        case DType::BF16:
            return tensor.toFloat();
        case DType::F32:
            return reinterpret_cast<std::uintptr_t>(tensor.raw()) % alignof(float) == 0 ? tensor : tensor.toFloat();
        default:
            throw Error(m_file.path + ": tensor " + printable(*entry.name) + " is of type " +
                        std::string(edgeflex::toString(tensor.dtype())) +
                        ", but weights must be F64, F32, F16 or BF16: open the checkpoint before quantization");
        }
    }
    // The shape alone, without conversion.
    const std::vector<std::int64_t> &shape(const std::string &role) const { return find(role).tensor->shape(); }
    std::string shapeText(const std::string &role) const { return find(role).tensor->shapeText(); }

    Tensor get(const std::string &role, std::vector<std::int64_t> wanted) const
    {
        requireShape(role, wanted);
        return get(role);
    }
    void requireShape(const std::string &role, const std::vector<std::int64_t> &wanted) const
    {
        if (shape(role) != wanted)
            throw Error(m_file.path + ": tensor " + nameOf(role) + " has the shape " + shapeText(role) + ", but " +
                        Tensor::view(DType::F32, wanted, nullptr, nullptr).shapeText() +
                        " is what the other tensors ask for");
    }

private:
    struct Entry
    {
        const std::string *name = nullptr;
        const Tensor *tensor = nullptr;
    };

    const Entry &find(const std::string &role) const
    {
        const auto found = m_roles.find(role);
        if (found == m_roles.end())
            throw Error(m_file.path + " has no tensor " + usualName(role) +
                        ", so it is not a complete Vision Transformer with a classifier");
        return found->second;
    }

    // What a missing tensor would be called in this naming.
    std::string usualName(const std::string &role) const
    {
        const NameTable &table = tableOf(m_naming);
        const bool inBlock = role[0] >= '0' && role[0] <= '9';
        const std::string prefix =
            inBlock ? std::string(table.blockPrefix) + role.substr(0, role.find('.') + 1) : std::string();
        const std::string inner = inBlock ? role.substr(role.find('.') + 1) : role;
        for (const auto &[from, to] : inBlock ? table.block : table.model)
            if (inner == to || inner.starts_with(std::string(to) + "."))
                return prefix + std::string(from) + inner.substr(to.size());
        return prefix + inner;
    }

    std::string commonPrefix() const
    {
        for (const std::string_view prefix : {"model.", "timm_model.", "backbone."})
            if (!m_file.tensors.empty() &&
                std::all_of(m_file.tensors.begin(), m_file.tensors.end(),
                            [&](const auto &entry) { return entry.first.starts_with(prefix); }))
                return std::string(prefix);
        return {};
    }

    Naming detect(const std::vector<std::string_view> &names) const
    {
        const auto any = [&](std::string_view end) {
            return std::any_of(names.begin(), names.end(), [&](std::string_view name) { return name.ends_with(end); });
        };
        if (any("embeddings.patch_embeddings.projection.weight"))
            return Naming::HuggingFace;
        if (any("conv_proj.weight"))
            return Naming::Torchvision;
        if (any(".attn.in_proj_weight"))
            return Naming::InProjBlocks;
        if (any(".attn.qkv.weight"))
            return Naming::Timm;
        throw Error(m_file.path +
                    " does not hold a Vision Transformer as timm, Hugging Face, torchvision or "
                    "in_proj blocks name it" +
                    (names.empty() ? std::string(": it has no tensors")
                                   : " (its first tensor is " + printable(names.front()) + ")"));
    }

    void assign(const std::string &fullName, std::string_view name, const Tensor &tensor)
    {
        if (m_naming == Naming::HuggingFace && name.starts_with("vit."))
            name.remove_prefix(4);
        if (isHarmless(name))
            return;
        const NameTable &table = tableOf(m_naming);
        std::string role;
        if (name.starts_with(table.blockPrefix)) {
            std::string_view rest = name.substr(table.blockPrefix.size());
            std::size_t digits = 0;
            int block = 0;
            while (digits < rest.size() && digits < 4 && rest[digits] >= '0' && rest[digits] <= '9')
                block = block * 10 + (rest[digits++] - '0');
            if (digits > 0 && digits < rest.size() && rest[digits] == '.') {
                role = rename(rest.substr(digits + 1), table.block);
                if (!role.empty()) {
                    role = blockRole(block, role);
                    m_depth = std::max(m_depth, block + 1);
                }
            }
        } else {
            role = rename(name, table.model);
        }
        if (role.empty())
            throw Error(m_file.path + ": tensor " + printable(fullName) +
                        " belongs to no part of a plain Vision Transformer, so the model would not be executed "
                        "exactly: choose another");
        const auto [entry, isNew] = m_roles.emplace(role, Entry{&fullName, &tensor});
        if (!isNew)
            throw Error(m_file.path + ": tensors " + printable(*entry->second.name) + " and " + printable(fullName) +
                        " play the same part");
    }

    static std::string rename(std::string_view name, const std::vector<Renaming> &renamings)
    {
        for (const auto &[from, to] : renamings) {
            if (name == from)
                return std::string(to);
            if (name.starts_with(from))
                for (const std::string_view end : {".weight", ".bias"})
                    if (name.substr(from.size()) == end)
                        return std::string(to) + std::string(end);
        }
        return {};
    }

    const WeightFile &m_file;
    Naming m_naming = Naming::Timm;
    int m_depth = 0;
    std::map<std::string, Entry> m_roles;
};

// Builds the model from the roles.
class Mapper
{
public:
    Mapper(const WeightFile &file, const ModelConfig &config, const ModelSource &source)
        : m_file(file), m_config(config), m_source(source), m_roles(file)
    {
    }

    VitModel map(const std::string &name)
    {
        m_model.path = m_source.path;
        ModelSpec &spec = m_model.spec;
        spec.name = m_config.style == ModelConfig::Style::Timm ? m_config.architecture : name;
        spec.naming = toString(m_roles.naming());
        checkStyle();
        mapPatches();
        mapTokens();
        mapHeads();
        for (int i = 0; i < m_roles.depth(); ++i)
            mapBlock(i);
        mapClassifier();
        mapRest();
        return std::move(m_model);
    }

private:
    // A size that both the tensors and the config may state.
    void agree(const std::optional<std::int64_t> &stated, std::int64_t found, const char *what) const
    {
        if (stated && *stated != found)
            throw Error(m_config.path + " says that " + what + " is " + std::to_string(*stated) +
                        ", but the tensors of " + m_file.path + " have " + std::to_string(found));
    }

    void checkStyle() const
    {
        const bool huggingFace = m_roles.naming() == Naming::HuggingFace;
        if ((m_config.style == ModelConfig::Style::HuggingFace && !huggingFace) ||
            (m_config.style == ModelConfig::Style::Timm && m_roles.naming() != Naming::Timm))
            throw Error(m_config.path + " describes another kind of model than " + m_file.path +
                        " holds, whose tensors are named as in " + std::string(toString(m_roles.naming())));
        if (m_config.style == ModelConfig::Style::Timm)
            for (const auto &[part, reason] : notExecutedNames)
                if (m_config.architecture.find(part) != std::string::npos)
                    throw Error(m_config.path + ": the architecture " + printable(m_config.architecture) + " " +
                                std::string(reason) + ", which is not executed: choose a plain Vision Transformer");
    }

    void mapPatches()
    {
        ModelSpec &spec = m_model.spec;
        const auto &shape = m_roles.shape("patch.weight");
        if (shape.size() != 4 || shape[2] != shape[3] || shape[2] > maximumSize || shape[1] > maximumSize ||
            shape[0] < 1 || shape[1] < 1 || shape[2] < 1)
            throw Error(m_file.path + ": tensor " + m_roles.nameOf("patch.weight") + " has the shape " +
                        m_roles.shapeText("patch.weight") + ", which is not that of a square patch embedding");
        spec.width = shape[0];
        spec.channels = static_cast<int>(shape[1]);
        spec.patchSize = static_cast<int>(shape[2]);
        agree(m_config.width, spec.width, "the width");
        agree(m_config.channels, spec.channels, "the number of channels");
        agree(m_config.patchSize, spec.patchSize, "the patch size");
        const std::int64_t inputs = shape[1] * shape[2] * shape[3];
        m_model.weights.patchEmbed.values = m_roles.get("patch.weight").reshaped({spec.width, inputs});
        describe(m_model.weights.patchEmbed, spec.patchEmbed, "patch_embed", "patch");
    }

    // Fills the spec from `values`, and the bias.
    void describe(LinearWeights &weights, LinearSpec &spec, const std::string &name, const std::string &role)
    {
        spec.name = name;
        spec.outFeatures = weights.values.dim(0);
        spec.inFeatures = weights.values.dim(1);
        spec.bias = m_roles.has(role + ".bias");
        if (spec.bias)
            weights.bias = m_roles.get(role + ".bias", {spec.outFeatures});
        weights.spec = spec;
    }

    void mapLinear(LinearWeights &weights, LinearSpec &spec, const std::string &name, const std::string &role,
                   std::int64_t outFeatures, std::int64_t inFeatures)
    {
        weights.values = m_roles.get(role + ".weight", {outFeatures, inFeatures});
        describe(weights, spec, name, role);
    }

    std::int64_t outFeaturesOf(const std::string &role) const
    {
        const auto &shape = m_roles.shape(role + ".weight");
        if (shape.size() != 2)
            throw Error(m_file.path + ": tensor " + m_roles.nameOf(role + ".weight") + " has the shape " +
                        m_roles.shapeText(role + ".weight") + ", which is not a matrix");
        return shape[0];
    }

    NormWeights mapNorm(const std::string &role) const
    {
        const std::int64_t width = m_model.spec.width;
        return {m_roles.get(role + ".weight", {width}), m_roles.get(role + ".bias", {width})};
    }

    // [1, count, width] or [count, width], as [count, width].
    Tensor mapRows(const std::string &role) const
    {
        const auto &shape = m_roles.shape(role);
        const bool rows = (shape.size() == 3 && shape[0] == 1 && shape[2] == m_model.spec.width) ||
                          (shape.size() == 2 && shape[1] == m_model.spec.width);
        const std::int64_t count = shape.size() >= 2 ? shape[shape.size() - 2] : 0;
        if (!rows || count < 1 || count > maximumSize)
            throw Error(m_file.path + ": tensor " + m_roles.nameOf(role) + " has the shape " + m_roles.shapeText(role) +
                        ", but rows of " + std::to_string(m_model.spec.width) + " values are needed");
        return m_roles.get(role).reshaped({count, m_model.spec.width});
    }

    void mapTokens()
    {
        ModelSpec &spec = m_model.spec;
        Tensor classToken;
        Tensor registers;
        spec.classToken = m_roles.has("class");
        if (spec.classToken) {
            classToken = mapRows("class");
            if (classToken.dim(0) != 1)
                throw Error(m_file.path + ": tensor " + m_roles.nameOf("class") + " has the shape " +
                            m_roles.shapeText("class") + ", but there is one class token");
        }
        if (m_roles.has("registers")) {
            registers = mapRows("registers");
            spec.registerTokens = static_cast<int>(registers.dim(0));
        }
        if (!registers.empty() && !classToken.empty())
            m_model.weights.prefixTokens = concatenated({classToken, registers});
        else
            m_model.weights.prefixTokens = registers.empty() ? classToken : registers;
        mapPositions((spec.classToken ? 1 : 0) + std::int64_t{spec.registerTokens});
    }

    // Position embeddings are for all tokens, or (timm's no_embed_class) for the patches alone.
    void mapPositions(std::int64_t prefixTokens)
    {
        ModelSpec &spec = m_model.spec;
        const Tensor positions = mapRows("positions");
        const std::int64_t rows = positions.dim(0);
        std::int64_t patches = 0;
        if (m_config.imageHeight && m_config.imageWidth) {
            spec.imageHeight = static_cast<int>(std::min(*m_config.imageHeight, maximumSize));
            spec.imageWidth = static_cast<int>(std::min(*m_config.imageWidth, maximumSize));
            patches = spec.patches();
            if (rows != patches && rows != patches + prefixTokens)
                throw Error(m_file.path + ": tensor " + m_roles.nameOf("positions") + " has " + std::to_string(rows) +
                            " rows, but images of " + std::to_string(spec.imageHeight) + " x " +
                            std::to_string(spec.imageWidth) + " pixels (" + m_config.path + ") make " +
                            std::to_string(patches) + " patches");
        } else {
            patches = isSquare(rows - prefixTokens) ? rows - prefixTokens : rows;
            if (!isSquare(patches))
                throw Error(m_file.path + ": tensor " + m_roles.nameOf("positions") + " has " + std::to_string(rows) +
                            " rows, which are not those of a square image: put a config.json that states the image "
                            "size beside it");
            spec.imageHeight = spec.imageWidth = static_cast<int>(squareRoot(patches) * spec.patchSize);
        }
        if (rows == patches + prefixTokens) {
            m_model.weights.positionEmbedding = positions;
            return;
        }
        m_model.weights.positionEmbedding = Tensor::zeros(DType::F32, {patches + prefixTokens, spec.width});
        std::memcpy(m_model.weights.positionEmbedding.floats() + prefixTokens * spec.width, positions.raw(),
                    positions.bytes());
    }

    static std::int64_t squareRoot(std::int64_t value)
    {
        return static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(value))));
    }
    static bool isSquare(std::int64_t value) { return value > 0 && squareRoot(value) * squareRoot(value) == value; }

    // Attention channels: those of all heads together.
    std::int64_t innerWidth(int block) const
    {
        if (m_roles.naming() == Naming::HuggingFace)
            return outFeaturesOf(RoleMap::blockRole(block, "query"));
        return outFeaturesOf(RoleMap::blockRole(block, "qkv")) / 3;
    }

    void mapHeads()
    {
        ModelSpec &spec = m_model.spec;
        std::optional<std::int64_t> heads = m_config.heads;
        if (!heads && m_config.style == ModelConfig::Style::Timm)
            heads = headsOfArchitecture(m_config.architecture, spec.width);
        if (heads && m_source.heads && *heads != *m_source.heads)
            throw Error(m_config.path + " says that the model has " + std::to_string(*heads) +
                        " attention heads, but --heads says " + std::to_string(*m_source.heads));
        if (!heads && m_source.heads)
            heads = *m_source.heads;
        if (!heads)
            throw Error(m_file.path + " does not say how many attention heads the model has: give --heads N");
        const std::int64_t inner = innerWidth(0);
        if (*heads < 1 || *heads > inner || inner % *heads != 0)
            throw Error(m_file.path + " has " + std::to_string(inner) + " attention channels, which " +
                        std::to_string(*heads) + " heads cannot share: give the right --heads N");
        spec.heads = static_cast<int>(*heads);
        spec.headDim = inner / *heads;
    }

    void mapQkv(int index, BlockWeights &weights, BlockSpec &spec, std::int64_t inner)
    {
        const std::int64_t width = m_model.spec.width;
        const std::string name = layerName(index, "attn.qkv");
        if (m_roles.naming() != Naming::HuggingFace) {
            mapLinear(weights.qkv, spec.qkv, name, RoleMap::blockRole(index, "qkv"), 3 * inner, width);
            return;
        }
        std::vector<Tensor> values;
        std::vector<Tensor> biases;
        for (const char *part : {"query", "key", "value"}) {
            const std::string role = RoleMap::blockRole(index, part);
            values.push_back(m_roles.get(role + ".weight", {inner, width}));
            if (m_roles.has(role + ".bias"))
                biases.push_back(m_roles.get(role + ".bias", {inner}));
        }
        if (!biases.empty() && biases.size() != 3)
            throw Error(m_file.path + ": only some of the query, key and value layers of block " +
                        std::to_string(index) + " have a bias");
        weights.qkv.values = concatenated(values);
        if (!biases.empty())
            weights.qkv.bias = concatenated(biases);
        spec.qkv = {name, 3 * inner, width};
        spec.qkv.bias = !biases.empty();
        weights.qkv.spec = spec.qkv;
    }

    // Appends along the first axis.
    static Tensor concatenated(const std::vector<Tensor> &parts)
    {
        std::vector<std::int64_t> shape = parts.front().shape();
        shape[0] = 0;
        for (const Tensor &part : parts)
            shape[0] += part.dim(0);
        Tensor result = Tensor::allocate(DType::F32, shape);
        std::byte *to = result.raw();
        for (const Tensor &part : parts) {
            std::memcpy(to, part.raw(), part.bytes());
            to += part.bytes();
        }
        return result;
    }

    // gamma * (W x + b) = (diag(gamma) W) x + gamma * b
    void foldLayerScale(LinearWeights &weights, const std::string &role)
    {
        if (!m_roles.has(role))
            return;
        const std::int64_t rows = weights.values.dim(0);
        const std::int64_t columns = weights.values.dim(1);
        const Tensor gamma = m_roles.get(role, {rows});
        weights.values = weights.values.toFloat();
        if (!weights.bias.empty())
            weights.bias = weights.bias.toFloat();
        float *values = weights.values.floats();
        for (std::int64_t row = 0; row < rows; ++row) {
            for (std::int64_t column = 0; column < columns; ++column)
                values[row * columns + column] *= gamma.floats()[row];
            if (!weights.bias.empty())
                weights.bias.floats()[row] *= gamma.floats()[row];
        }
    }

    void mapBlock(int index)
    {
        const auto role = [&](std::string_view part) {
            return RoleMap::blockRole(index, part);
        };
        const std::int64_t width = m_model.spec.width;
        const std::int64_t inner = m_model.spec.heads * m_model.spec.headDim;
        BlockSpec spec;
        BlockWeights weights;
        weights.norm1 = mapNorm(role("norm1"));
        mapQkv(index, weights, spec, inner);
        if (m_config.qkvBias && *m_config.qkvBias != spec.qkv.bias)
            throw Error(m_config.path + " says that qkv_bias is " + (*m_config.qkvBias ? "true" : "false") +
                        ", but block " + std::to_string(index) + " of " + m_file.path + " has " +
                        (spec.qkv.bias ? "such a bias" : "no such bias"));
        mapLinear(weights.proj, spec.proj, layerName(index, "attn.proj"), role("proj"), width, inner);
        weights.norm2 = mapNorm(role("norm2"));
        const std::int64_t mlpWidth = outFeaturesOf(role("fc1"));
        agree(m_config.mlpWidth, mlpWidth, "the width of the MLP");
        mapLinear(weights.fc1, spec.fc1, layerName(index, "mlp.fc1"), role("fc1"), mlpWidth, width);
        mapLinear(weights.fc2, spec.fc2, layerName(index, "mlp.fc2"), role("fc2"), width, mlpWidth);
        foldLayerScale(weights.proj, role("scale1"));
        foldLayerScale(weights.fc2, role("scale2"));
        m_model.spec.blocks.push_back(std::move(spec));
        m_model.weights.blocks.push_back(std::move(weights));
    }

    void mapClassifier()
    {
        ModelSpec &spec = m_model.spec;
        VitWeights &weights = m_model.weights;
        if (m_roles.has("pre_norm.weight")) {
            spec.preNorm = true;
            weights.preNorm = mapNorm("pre_norm");
        }
        const bool afterPooling = m_roles.has("fc_norm.weight");
        if (afterPooling && m_roles.has("norm.weight"))
            throw Error(m_file.path + " has layer norms before and after pooling, which is not executed");
        spec.normPlace = afterPooling ? NormPlace::AfterPooling : NormPlace::BeforePooling;
        weights.norm = mapNorm(afterPooling ? "fc_norm" : "norm");
        const Pooling usual = spec.classToken && !afterPooling ? Pooling::ClassToken : Pooling::MeanOfPatches;
        spec.pooling = m_config.pooling.value_or(usual);
        if (spec.pooling == Pooling::ClassToken && !spec.classToken)
            throw Error(m_config.path + " says that the class token is classified, but " + m_file.path + " has none");

        std::int64_t features = spec.width;
        if (m_roles.has("pre_logits.weight")) {
            features = outFeaturesOf("pre_logits");
            spec.preLogits.emplace_back();
            weights.preLogits.emplace_back();
            mapLinear(weights.preLogits[0], spec.preLogits[0], "pre_logits", "pre_logits", features, spec.width);
        }
        const std::int64_t classes = outFeaturesOf("head");
        agree(m_config.classes, classes, "the number of classes");
        mapLinear(weights.head, spec.head, "head", "head", classes, features);
        if (!m_config.classNames.empty() && static_cast<std::int64_t>(m_config.classNames.size()) != classes)
            throw Error(m_config.path + " names " + std::to_string(m_config.classNames.size()) + " classes, but " +
                        m_file.path + " has " + std::to_string(classes));
        spec.classNames = m_config.classNames;
    }

    void mapRest()
    {
        ModelSpec &spec = m_model.spec;
        agree(m_config.depth, m_roles.depth(), "the number of blocks");
        const bool clip = m_config.architecture.find("clip") != std::string::npos;
        switch (m_roles.naming()) {
        case Naming::Timm:
            spec.layerNormEps = clip ? 1e-5 : 1e-6;
            if (m_config.architecture.find("quickgelu") != std::string::npos)
                spec.activation = Activation::QuickGelu;
            break;
        case Naming::Torchvision:
            spec.layerNormEps = 1e-6;
            break;
        case Naming::HuggingFace:
            spec.layerNormEps = 1e-12; // the transformers library's default
            break;
        case Naming::InProjBlocks:
            spec.layerNormEps = 1e-5; // nn.LayerNorm's default
            break;
        }
        spec.layerNormEps = m_config.layerNormEps.value_or(spec.layerNormEps);
        spec.activation = m_config.activation.value_or(spec.activation);
        if (m_config.preprocessing) {
            spec.preprocessing = *m_config.preprocessing;
        } else {
            spec.preprocessing.cropHeight = spec.imageHeight;
            spec.preprocessing.cropWidth = spec.imageWidth;
            spec.preprocessing.resizeShorter = std::min(spec.imageHeight, spec.imageWidth);
        }
    }

    static constexpr std::int64_t maximumSize = 1 << 16; // of images in pixels, and of token counts

    const WeightFile &m_file;
    const ModelConfig &m_config;
    const ModelSource &m_source;
    RoleMap m_roles;
    VitModel m_model;
};

void setPerChannel(std::array<double, 3> &to, const std::vector<double> &values, const char *option, bool positive)
{
    const bool fine = std::all_of(values.begin(), values.end(),
                                  [&](double value) { return std::isfinite(value) && (!positive || value > 0); });
    if ((values.size() != 1 && values.size() != 3) || !fine)
        throw Error(std::string(option) + " must be one or three " + (positive ? "numbers above 0" : "numbers") +
                    " with commas between them, e.g. " + option + " 0.5,0.5,0.5");
    if (values.size() == 1)
        to.fill(values[0]);
    else
        std::copy(values.begin(), values.end(), to.begin());
}

} // namespace

void overridePreprocessing(ModelSpec &spec, const ModelSource &source)
{
    Preprocessing &preprocessing = spec.preprocessing;
    if (source.mean)
        setPerChannel(preprocessing.mean, *source.mean, "--mean", false);
    if (source.std)
        setPerChannel(preprocessing.std, *source.std, "--std", true);
    if (source.mean && source.std)
        preprocessing.stated = true;
    if (source.crop && (*source.crop != spec.imageHeight || *source.crop != spec.imageWidth))
        throw Error("--crop " + std::to_string(*source.crop) + " is not the model's input size: it takes images of " +
                    std::to_string(spec.imageHeight) + " x " + std::to_string(spec.imageWidth) + " pixels");
    if (source.resize) {
        if (*source.resize < std::max(spec.imageHeight, spec.imageWidth) || *source.resize > (1 << 14))
            throw Error("--resize " + std::to_string(*source.resize) + " must be from the model's input size, " +
                        std::to_string(std::max(spec.imageHeight, spec.imageWidth)) + ", to 16384");
        preprocessing.resizeShorter = *source.resize;
    }
    if (source.interpolation)
        preprocessing.interpolation = *source.interpolation;
}

VitModel mapModel(const WeightFile &file, const ModelConfig &config, const ModelSource &source, const std::string &name)
{
    VitModel model = Mapper(file, config, source).map(name);
    overridePreprocessing(model.spec, source);
    try {
        validate(model.spec);
    } catch (const Error &error) {
        throw Error(file.path + ": " + error.what());
    }
    return model;
}

} // namespace edgeflex
