#pragma once

class QTableView;

namespace edgeflex {

// Makes a table one of rows to choose from: without a grid or row numbers, columns as wide as what is in them, but for
// `stretched`, which takes what is left. To be called when the table has its model.
void styleAsList(QTableView *table, int stretched);

} // namespace edgeflex
