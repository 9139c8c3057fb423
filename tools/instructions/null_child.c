/* SPDX-License-Identifier: Apache-2.0
 *
 * The least that a program of a pass_persist line can do and be correct: it
 * answers for the same rows as rows_agent.cc, whose names it does not store but
 * compute, by one read(2) and one write(2) a message. What it costs is the floor
 * for any agent.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COLUMN ".1.3.6.1.4.1.8072.9999.9999.1"
#define ROWS 100000L

static char input[1 << 16];
static size_t begin, end; /* of what was read and not used yet */

static void fill(void) {
  memmove(input, input + begin, end - begin);
  end -= begin;
  begin = 0;
  ssize_t size = read(STDIN_FILENO, input + end, sizeof input - end);
  if (size <= 0) exit(EXIT_SUCCESS);
  end += (size_t)size;
}

/* The next line, without its end. */
static char *next_line(void) {
  char *newline;
  while (!(newline = memchr(input + begin, '\n', end - begin))) fill();
  char *line = input + begin;
  *newline = '\0';
  begin = (size_t)(newline - input) + 1;
  return line;
}

static void answer(const char *text, size_t size) {
  if (write(STDOUT_FILENO, text, size) != (ssize_t)size) exit(EXIT_FAILURE);
}

/* The row of an OID in the column; 0 for the column itself and what is before. */
static long row_of(const char *oid) {
  const size_t size = strlen(COLUMN);
  if (strncmp(oid, COLUMN, size) != 0 || oid[size] != '.') return 0;
  return strtol(oid + size + 1, NULL, 10);
}

int main(void) {
  for (;;) {
    const char *command = next_line();
    if (strcmp(command, "PING") == 0) {
      answer("PONG\n", 5);
      continue;
    }
    int next = strcmp(command, "getnext") == 0;
    if (!next && strcmp(command, "get") != 0) continue;
    long row = row_of(next_line()) + next;
    char text[128];
    int size = row >= 1 && row <= ROWS
                   ? sprintf(text, COLUMN ".%ld\nINTEGER\n%ld\n", row, row)
                   : sprintf(text, "NONE\n");
    answer(text, (size_t)size);
  }
}
