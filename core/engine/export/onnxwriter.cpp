#include "engine/export/onnxwriter.h"

#include "engine/export/onnxgraph.h"
#include "engine/io/atomicfile.h"
#include "plan/error.h"

#include <bit>
#include <filesystem>
#include <limits>
#include <optional>

namespace edgeflex {

static_assert(std::endian::native == std::endian::little, "ONNX raw data is little-endian");

namespace {

constexpr std::int64_t dataAlignment = 4096; // a page: readers map each tensor
constexpr std::int64_t protobufLimit = std::numeric_limits<std::int32_t>::max();

// A protobuf field's tag and length. Messages with large constants are written field by field, since a message in
// memory would hold every weight a second time.
std::string lengthPrefix(int field, std::int64_t length)
{
    std::string bytes;
    const auto append = [&bytes](std::uint64_t value) {
        for (; value >= 0x80; value >>= 7)
            bytes.push_back(static_cast<char>((value & 0x7f) | 0x80));
        bytes.push_back(static_cast<char>(value));
    };
    constexpr std::uint64_t lengthDelimited = 2;
    append(static_cast<std::uint64_t>(field) << 3 | lengthDelimited);
    append(static_cast<std::uint64_t>(length));
    return bytes;
}

std::string serialized(const google::protobuf::MessageLite &message)
{
    std::string bytes;
    if (!message.SerializeToString(&bytes))
        throw std::logic_error("an ONNX message does not serialize");
    return bytes;
}

onnx::Tensor describe(const OnnxInitializer &initializer)
{
    onnx::Tensor tensor;
    tensor.set_name(initializer.name);
    tensor.set_data_type(onnx::Tensor::FLOAT);
    for (const std::int64_t extent : initializer.shape)
        tensor.add_dims(extent);
    return tensor;
}

void refer(onnx::Tensor &tensor, const std::string &key, const std::string &value)
{
    onnx::StringEntry *entry = tensor.add_external_data();
    entry->set_key(key);
    entry->set_value(value);
}

std::int64_t aligned(std::int64_t offset)
{
    return (offset + dataAlignment - 1) / dataAlignment * dataAlignment;
}

// An initializer's message as it is written: header and, when its values are inline, the length of what follows.
struct Field
{
    std::string header;
    std::int64_t inlineBytes = 0;
    std::int64_t offset = -1; // in the external data

    std::int64_t bytes() const { return static_cast<std::int64_t>(header.size()) + inlineBytes; }
};

class Writer
{
public:
    Writer(const OnnxGraph &graph, const std::string &path, std::int64_t inlineLimitBytes)
        : m_graph(graph), m_path(path), m_dataPath(path + ".data")
    {
        std::int64_t total = 0;
        for (const OnnxInitializer &initializer : graph.initializers)
            total += initializer.bytes();
        m_external = total > inlineLimitBytes;
        for (const OnnxInitializer &initializer : graph.initializers)
            m_fields.push_back(field(initializer));
    }

    OnnxFile write(Progress &progress)
    {
        onnx::Model model = m_graph.model;
        const std::string graphStart = serialized(model.graph());
        model.clear_graph();
        std::int64_t constantBytes = 0;
        for (const Field &part : m_fields)
            constantBytes += part.bytes();
        const std::string modelStart =
            serialized(model) +
            lengthPrefix(onnx::Model::kGraphFieldNumber, static_cast<std::int64_t>(graphStart.size()) + constantBytes) +
            graphStart;
        const std::int64_t fileBytes = static_cast<std::int64_t>(modelStart.size()) + constantBytes;
        if (fileBytes > protobufLimit)
            throw Error(m_path + " would exceed the 2 GiB that an ONNX file can have: use external data");

        progress.stage("writing ONNX", static_cast<std::int64_t>(m_fields.size()));
        AtomicFile file(m_path);
        std::optional<AtomicFile> data;
        if (m_external)
            data.emplace(m_dataPath);
        file.write(modelStart.data(), modelStart.size());
        std::int64_t dataEnd = 0;
        for (std::size_t i = 0; i < m_fields.size(); ++i) {
            const Field &part = m_fields[i];
            file.write(part.header.data(), part.header.size());
            const Tensor values = checkedValues(m_graph.initializers[i]);
            if (part.offset < 0) {
                file.write(values.raw(), values.bytes());
            } else {
                const std::string padding(static_cast<std::size_t>(part.offset - dataEnd), '\0');
                data->write(padding.data(), padding.size());
                data->write(values.raw(), values.bytes());
                dataEnd = part.offset + static_cast<std::int64_t>(values.bytes());
            }
            progress.step(static_cast<std::int64_t>(i) + 1);
        }
        // The model refers to the data, so these come first.
        if (data)
            data->commit();
        file.commit();

        OnnxFile result;
        result.path = m_path;
        result.dataPath = m_external ? m_dataPath : std::string();
        result.bytes = fileBytes + dataEnd;
        result.layersWrittenAsFp32 = m_graph.layersWrittenAsFp32;
        return result;
    }

private:
    Field field(const OnnxInitializer &initializer)
    {
        Field made;
        onnx::Tensor tensor = describe(initializer);
        const std::int64_t bytes = initializer.bytes();
        std::string message;
        if (m_external && bytes >= dataAlignment) {
            made.offset = aligned(m_dataBytes);
            m_dataBytes = made.offset + bytes;
            tensor.set_data_location(onnx::Tensor::EXTERNAL);
            refer(tensor, "location", std::filesystem::path(m_dataPath).filename().string());
            refer(tensor, "offset", std::to_string(made.offset));
            refer(tensor, "length", std::to_string(bytes));
            message = serialized(tensor);
        } else {
            made.inlineBytes = bytes;
            message = serialized(tensor) + lengthPrefix(onnx::Tensor::kRawDataFieldNumber, bytes);
        }
        made.header = lengthPrefix(onnx::Graph::kInitializerFieldNumber,
                                   static_cast<std::int64_t>(message.size()) + made.inlineBytes) +
                      message;
        return made;
    }

    static Tensor checkedValues(const OnnxInitializer &initializer)
    {
        Tensor values = initializer.values();
        if (values.dtype() != DType::F32 || static_cast<std::int64_t>(values.bytes()) != initializer.bytes())
            throw Error("\"" + initializer.name + "\" cannot be exported: its values are " +
                        std::string(toString(values.dtype())) + " " + values.shapeText());
        return values;
    }

    const OnnxGraph &m_graph;
    std::string m_path;
    std::string m_dataPath;
    bool m_external = false;
    std::int64_t m_dataBytes = 0;
    std::vector<Field> m_fields;
};

} // namespace

OnnxFile writeOnnx(const VitModel &model, const std::string &path, Progress &progress, std::int64_t inlineLimitBytes)
{
    const OnnxGraph graph = makeOnnxGraph(model);
    return Writer(graph, path, inlineLimitBytes).write(progress);
}

} // namespace edgeflex
