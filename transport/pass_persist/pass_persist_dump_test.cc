// SPDX-License-Identifier: Apache-2.0

#include "transport/pass_persist/pass_persist_dump.h"

#include <cstddef>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"

// The expected texts are the output of Python 3.11's pprint for the same
// dictionary.

namespace passpersist {
namespace {

struct Row {
  Oid oid;
  Value value;
  std::string label = "";
};

void AppendPage(const std::vector<Row>& rows, bool last, PassPersistDump* dump,
                std::string* out) {
  std::vector<ResponseVarBind> bindings;
  std::vector<InstanceInfo> infos;
  for (const Row& row : rows) {
    bindings.push_back({row.oid, row.value});
    infos.push_back({row.label, {}, false});
  }
  dump->AppendPage(bindings, infos, last, out);
}

// Names are relative to .9.
std::string Dumped(const std::vector<Row>& rows) {
  PassPersistDump dump(Oid{9});
  std::string out;
  AppendPage(rows, /*last=*/true, &dump, &out);
  return out;
}

TEST(PassPersistDumpTest, PrintsNothingAsAnEmptyDictionary) {
  EXPECT_EQ(Dumped({}), "{}\n");
}

TEST(PassPersistDumpTest, PrintsTheExampleOfThePythonLibrary) {
  EXPECT_EQ(Dumped({{{9, 0, 1}, Integer32{123}}}),
            "{'0.1': {'type': 'INTEGER', 'value': '123'}}\n");
}

TEST(PassPersistDumpTest, PrintsLabelsFirst) {
  EXPECT_EQ(
      Dumped({{{9, 0, 1}, Integer32{123}, "This is a label for this integer"},
              {{9, 0, 2}, OctetString{"A string"}},
              {{9, 0, 3}, OctetString{std::string("\1\0\x1f\x0b\0\x0b", 6)}}}),
      R"({'0.1': {'label': 'This is a label for this integer',
         'type': 'INTEGER',
         'value': '123'},
 '0.2': {'type': 'STRING', 'value': 'A string'},
 '0.3': {'type': 'OCTET', 'value': '01 00 1f 0b 00 0b'}}
)");
}

TEST(PassPersistDumpTest, PrintsOneLineIfAllFitsIn80Columns) {
  EXPECT_EQ(Dumped({{{9, 1}, Integer32{1}}, {{9, 2}, Integer32{1}}}),
            "{'1': {'type': 'INTEGER', 'value': '1'}, "
            "'2': {'type': 'INTEGER', 'value': '1'}}\n");
  EXPECT_EQ(Dumped({{{9, 1}, Integer32{1}}, {{9, 2}, Integer32{12}}}),
            R"({'1': {'type': 'INTEGER', 'value': '1'},
 '2': {'type': 'INTEGER', 'value': '12'}}
)");
}

TEST(PassPersistDumpTest, PrintsAnEntryOnOneLineIfItFitsIn80Columns) {
  EXPECT_EQ(
      Dumped({{{9, 1}, OctetString{std::string(42, 'x')}},
              {{9, 2}, Integer32{2}}}),
      R"({'1': {'type': 'STRING', 'value': 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'},
 '2': {'type': 'INTEGER', 'value': '2'}}
)");
  EXPECT_EQ(Dumped({{{9, 1}, OctetString{std::string(43, 'x')}},
                    {{9, 2}, Integer32{2}}}),
            R"({'1': {'type': 'STRING',
       'value': 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'},
 '2': {'type': 'INTEGER', 'value': '2'}}
)");
}

TEST(PassPersistDumpTest, IndentsTheItemsOfALongEntryByItsName) {
  EXPECT_EQ(
      Dumped({{{9, 1, 2, 3}, OctetString{"z"}, std::string(60, 'L')}}),
      R"({'1.2.3': {'label': 'LLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLL',
           'type': 'STRING',
           'value': 'z'}}
)");
}

TEST(PassPersistDumpTest, QuotesAsPythonDoes) {
  EXPECT_EQ(Dumped({{{9, 1}, OctetString{"it's"}},
                    {{9, 2}, OctetString{"say \"hi\""}},
                    {{9, 3}, OctetString{"it's \"both\""}},
                    {{9, 4}, OctetString{"a\\b\tc\rd\x01\x7f"}}}),
            R"({'1': {'type': 'STRING', 'value': "it's"},
 '2': {'type': 'STRING', 'value': 'say "hi"'},
 '3': {'type': 'STRING', 'value': 'it\'s "both"'},
 '4': {'type': 'STRING', 'value': 'a\\b\tc\rd\x01\x7f'}}
)");
}

TEST(PassPersistDumpTest, EscapesBytesThatAreNotAscii) {
  EXPECT_EQ(Dumped({{{9, 1}, OctetString{"gr\xc3\xbc\xc3\x9f"}, "\xff"}}),
            R"({'1': {'label': '\xff', 'type': 'STRING', )"
            R"('value': 'gr\xc3\xbc\xc3\x9f'}}
)");
}

TEST(PassPersistDumpTest, PrintsEachTypeAsAReplyGivesIt) {
  EXPECT_EQ(Dumped({{{9, 1}, Counter32{4294967295}},
                    {{9, 2}, Counter64{18446744073709551615u}},
                    {{9, 3}, Gauge32{3}},
                    {{9, 4}, TimeTicks{4}},
                    {{9, 5}, IpAddress{{10, 1, 2, 3}}},
                    {{9, 6}, ObjectIdentifier{{0, 0}}},
                    {{9, 7}, OctetString{""}},
                    {{9, 8}, Opaque::FromFloat(123.0f)}}),
            R"({'1': {'type': 'Counter32', 'value': '4294967295'},
 '2': {'type': 'Counter64', 'value': '18446744073709551615'},
 '3': {'type': 'GAUGE', 'value': '3'},
 '4': {'type': 'TIMETICKS', 'value': '4'},
 '5': {'type': 'IPADDRESS', 'value': '10.1.2.3'},
 '6': {'type': 'OBJECTID', 'value': '.0.0'},
 '7': {'type': 'OCTET', 'value': ''},
 '8': {'type': 'OPAQUE', 'value': '9f 78 04 42 f6 00 00'}}
)");
}

TEST(PassPersistDumpTest, GivesAbsoluteNamesWithoutARoot) {
  PassPersistDump dump((Oid()));
  std::string out;
  AppendPage({{{1, 3, 6}, Integer32{1}}}, /*last=*/true, &dump, &out);
  EXPECT_EQ(out, "{'.1.3.6': {'type': 'INTEGER', 'value': '1'}}\n");
}

TEST(PassPersistDumpTest, GivesTheRootItselfAnEmptyName) {
  EXPECT_EQ(Dumped({{{9}, Integer32{1}}}),
            "{'': {'type': 'INTEGER', 'value': '1'}}\n");
}

TEST(PassPersistDumpTest, PagesJoinToTheWhole) {
  const std::vector<Row> rows = {{{9, 1}, Integer32{1}, "one"},
                                 {{9, 2}, Integer32{2}},
                                 {{9, 3}, OctetString{std::string(60, 'x')}},
                                 {{9, 4}, Integer32{4}}};
  for (size_t split = 1; split <= rows.size(); ++split) {
    PassPersistDump dump(Oid{9});
    std::string out;
    AppendPage({rows.begin(), rows.begin() + split}, false, &dump, &out);
    AppendPage({rows.begin() + split, rows.end()}, true, &dump, &out);
    EXPECT_EQ(out, Dumped(rows)) << "split at " << split;
  }
}

}  // namespace
}  // namespace passpersist
