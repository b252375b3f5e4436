// Calls between host and guest, without a kernel.
__attribute__((import_module("benchmark"), import_name("answer"))) int answer(int x);

__attribute__((export_name("loop"))) int loop(int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) sum += answer(i);
  return sum;
}

__attribute__((export_name("nothing"))) int nothing(int x) { return x + 1; }
