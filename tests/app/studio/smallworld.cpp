#include "reference/smallworld.h"

// Writes a small model and small images for tests that do not link the engine:
//
//     smallworld FOLDER        FOLDER/model, FOLDER/calibration, FOLDER/data
int main(int argc, char *argv[])
{
    if (argc != 2)
        return 2;
    const std::string folder = argv[1];
    edgeflex::test::writeSmallModel(folder + "/model");
    edgeflex::test::writeSmallModel(folder + "/other", 77);
    edgeflex::test::writeSmallImages(folder + "/calibration", 120, 9);
    edgeflex::test::writeSmallImages(folder + "/data", 200, 10);
    return 0;
}
