#include "engine/io/weightfile.h"

#include "engine/io/mappedfile.h"
#include "plan/error.h"

namespace edgeflex {

const Tensor &WeightFile::tensor(const std::string &name) const
{
    const auto found = tensors.find(name);
    if (found == tensors.end())
        throw Error(path + " has no tensor " + name);
    return found->second;
}

void markMapped(WeightFile &weights, const MappedFile &file)
{
    for (auto &[name, tensor] : weights.tensors) {
        if (!tensor.empty() && file.contains(tensor.raw()))
            tensor.markMapped();
    }
}

} // namespace edgeflex
