/* Transactions of SQLite, until it is told to stop: database FOLDER NUMBER SEED STOP
 *
 * In FOLDER/bank.db money goes from account to account, and what went is kept; other processes, with other numbers, do the same there at
 * the same time, so that it is locked. The journal is deleted, truncated and zeroed, by turns. FOLDER/log-NUMBER.db is this process's own,
 * with a write-ahead log. What must be there follows from the seed and the number of the transaction; it is compared again and again, and
 * by SQLite's own check of its files. The first difference, or error, ends the program with status 1.
 *
 * Says `at N` when it has done N transactions. When there is a file STOP it checks everything and says how it was. */
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ACCOUNTS = 50, MONEY = 1000, KEPT = 200, ROWS = 300, LONGEST = 3000, WAIT = 120000 };
enum { SAID = 5, OPENED = 32, COMPARED = 64, CHECKED = 256 };

static uint64_t seed;
static int process;

static _Noreturn void fail(const char *what, const char *sql, const char *why) {
  fprintf(stderr, "database %d: %s: %s: %s\n", process, what, sql, why);
  exit(1);
}

static _Noreturn void fail_of(sqlite3 *database, const char *what, const char *sql) {
  char why[300];
  int code = sqlite3_extended_errcode(database), error = sqlite3_system_errno(database);
  snprintf(why, sizeof why, "%s (code %d, %s)", sqlite3_errmsg(database), code, error ? strerror(error) : "no error of the system");
  fail(what, sql, why);
}

static uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

/* A number of its own for each part of each transaction of each process. */
static uint64_t number_of(int64_t transaction, int part) {
  return mix(seed ^ mix((uint64_t)transaction * 64 + part) ^ mix(~(uint64_t)process));
}

/* The text that a transaction leaves. */
static const char *text_of(int64_t transaction) {
  static char text[LONGEST + 1];
  uint64_t x = number_of(transaction, 1);
  int length = x % LONGEST;
  for (int i = 0; i < length; i++) {
    x = x * 6364136223846793005u + 1442695040888963407u;
    text[i] = 'a' + (x >> 33) % 26;
  }
  text[length] = 0;
  return text;
}

static sqlite3_stmt *prepare(sqlite3 *database, const char *format, va_list values, char **sql) {
  sqlite3_stmt *statement;
  *sql = sqlite3_vmprintf(format, values);
  if (sqlite3_prepare_v2(database, *sql, -1, &statement, NULL) != SQLITE_OK) fail_of(database, "prepare", *sql);
  return statement;
}

static void run(sqlite3 *database, const char *format, ...) {
  va_list values;
  char *sql;
  va_start(values, format);
  sqlite3_stmt *statement = prepare(database, format, values, &sql);
  va_end(values);
  int result;
  while ((result = sqlite3_step(statement)) == SQLITE_ROW) {}
  if (result != SQLITE_DONE) fail_of(database, "run", sql);
  sqlite3_finalize(statement);
  sqlite3_free(sql);
}

/* The only row's only column must be this. */
static void expect(sqlite3 *database, const char *wanted, const char *format, ...) {
  va_list values;
  char *sql;
  va_start(values, format);
  sqlite3_stmt *statement = prepare(database, format, values, &sql);
  va_end(values);
  if (sqlite3_step(statement) != SQLITE_ROW) fail_of(database, "ask", sql);
  const char *found = (const char *)sqlite3_column_text(statement, 0);
  if (!found || strcmp(found, wanted)) fail("compare", sql, found ? found : "null");
  if (sqlite3_step(statement) != SQLITE_DONE) fail_of(database, "ask again", sql);
  sqlite3_finalize(statement);
  sqlite3_free(sql);
}

static void expect_number(sqlite3 *database, int64_t wanted, const char *sql) {
  char text[24];
  snprintf(text, sizeof text, "%lld", (long long)wanted);
  expect(database, text, sql, process);
}

static sqlite3 *open_database(const char *folder, const char *name) {
  char path[200];
  sqlite3 *database;
  snprintf(path, sizeof path, "%s/%s.db", folder, name);
  if (sqlite3_open(path, &database) != SQLITE_OK) fail_of(database, "open", path);
  sqlite3_busy_timeout(database, WAIT);
  return database;
}

static void close_database(sqlite3 *database) {
  if (sqlite3_close(database) != SQLITE_OK) fail_of(database, "close", "");
}

/* As it is opened the n-th time, with another kind of journal each time. */
static sqlite3 *open_bank(const char *folder, int64_t n) {
  static const char *const journals[] = {"delete", "truncate", "persist"};
  const char *journal = journals[n % 3];
  sqlite3 *bank = open_database(folder, "bank");
  expect(bank, journal, "pragma journal_mode = %s", journal);
  run(bank, "pragma cache_size = 40");
  return bank;
}

/* Nobody else has it: guests have no memory of a file's that they could share for the log's index. */
static sqlite3 *open_log(const char *folder) {
  char name[24];
  snprintf(name, sizeof name, "log-%d", process);
  sqlite3 *log = open_database(folder, name);
  expect(log, "exclusive", "pragma locking_mode = exclusive");
  expect(log, "wal", "pragma journal_mode = wal");
  run(log, "pragma cache_size = 40");
  run(log, "pragma wal_autocheckpoint = 100");
  return log;
}

static void create(sqlite3 *bank, sqlite3 *log) {
  run(bank, "begin immediate");
  run(bank, "create table if not exists account(id integer primary key, balance integer not null)");
  run(bank, "create table if not exists entry(process, number, amount, text, primary key(process, number))");
  run(bank, "create index if not exists entries on entry(text)");
  for (int i = 0; i < ACCOUNTS; i++) run(bank, "insert or ignore into account values(%d, %d)", i, MONEY);
  run(bank, "commit");
  run(log, "create table row(id integer primary key, number integer not null, text not null)");
}

/* The n-th transaction, in both databases. */
static void transact(sqlite3 *bank, sqlite3 *log, int64_t n) {
  const char *text = text_of(n);
  int count = 1 + number_of(n, 2) % 8;
  run(bank, "begin immediate");
  for (int i = 0; i < count; i++) {
    uint64_t random = number_of(n, 3 + i);
    int amount = random % 100;
    run(bank, "update account set balance = balance - %d where id = %d", amount, (int)((random >> 8) % ACCOUNTS));
    run(bank, "update account set balance = balance + %d where id = %d", amount, (int)((random >> 32) % ACCOUNTS));
  }
  run(bank, "insert into entry values(%d, %lld, %d, %Q)", process, n, count, text);
  if (n >= KEPT) run(bank, "delete from entry where process = %d and number = %lld", process, n - KEPT);
  run(bank, "commit");
  run(log, "begin");
  run(log, "insert or replace into row values(%lld, %lld, %Q)", n % ROWS, n, text);
  run(log, "commit");
}

/* One that is so large that it gets to the file, and then has not been. */
static void roll_back(sqlite3 *database) {
  run(database, "begin immediate");
  if (sqlite3_table_column_metadata(database, NULL, "entry", NULL, NULL, NULL, NULL, NULL, NULL) == SQLITE_OK) {
    run(database, "update entry set text = 'lost' || number");
    run(database, "update account set balance = 0");
  } else {
    run(database, "update row set text = 'lost' || number");
    run(database, "delete from row where number %% 2");
  }
  run(database, "rollback");
}

static void check_sums(sqlite3 *bank, sqlite3 *log, int64_t done) {
  int64_t kept = done < KEPT ? done : KEPT;
  run(bank, "begin");
  expect_number(bank, ACCOUNTS * MONEY, "select sum(balance) from account");
  expect_number(bank, kept, "select count(*) from entry where process = %d");
  expect_number(bank, done - 1, "select max(number) from entry where process = %d");
  run(bank, "commit");
  expect_number(log, done < ROWS ? done : ROWS, "select count(*) from row");
  expect_number(log, done - 1, "select max(number) from row");
}

static void check_texts(sqlite3 *bank, sqlite3 *log, int64_t done) {
  for (int64_t n = done < KEPT ? 0 : done - KEPT; n < done; n++)
    expect(bank, text_of(n), "select text from entry where process = %d and number = %lld", process, n);
  for (int64_t n = done < ROWS ? 0 : done - ROWS; n < done; n++)
    expect(log, text_of(n), "select text from row where id = %lld and number = %lld", n % ROWS, n);
}

static void check_files(sqlite3 *bank, sqlite3 *log) {
  expect(bank, "ok", "pragma integrity_check");
  expect(log, "ok", "pragma integrity_check");
}

static double milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

int main(int count, char **arguments) {
  if (count != 5) return fprintf(stderr, "usage: database FOLDER NUMBER SEED STOP\n"), 2;
  const char *folder = arguments[1], *stop = arguments[4];
  process = atoi(arguments[2]);
  seed = strtoull(arguments[3], NULL, 10);
  sqlite3 *bank = open_bank(folder, 0), *log = open_log(folder);
  create(bank, log);
  int64_t done = 0;
  double slowest = 0;
  while (access(stop, F_OK) != 0) {
    double started = milliseconds();
    transact(bank, log, done++);
    if (milliseconds() - started > slowest) slowest = milliseconds() - started;
    if (done % 5 == 0) roll_back(done % 2 ? bank : log);
    if (done % OPENED == 0) {
      close_database(bank);
      close_database(log);
      bank = open_bank(folder, done / OPENED);
      log = open_log(folder);
    }
    check_sums(bank, log, done);
    if (done % COMPARED == 0) check_texts(bank, log, done);
    if (done % CHECKED == 0) check_files(bank, log);
    if (done % SAID == 0) {
      printf("at %lld\n", (long long)done);
      fflush(stdout);
    }
  }
  check_sums(bank, log, done);
  check_texts(bank, log, done);
  check_files(bank, log);
  close_database(bank);
  close_database(log);
  printf("transactions %lld\nslowest %.1f\n", (long long)done, slowest);
  return 0;
}
