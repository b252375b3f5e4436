// The C++ library: containers, streams, threads, thread-local objects, static construction.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

struct Noisy {
	const char *name;
	explicit Noisy(const char *name) : name(name) { std::cout << "made " << name << '\n'; }
	~Noisy() { std::cout << "gone " << name << '\n'; }
};

static Noisy global("global");
static std::atomic<int> locals_destroyed;

struct Counted {
	int value = 1;
	~Counted() { locals_destroyed++; }
};

static thread_local Counted local;

struct Shape {
	virtual ~Shape() = default;
	virtual double area() const = 0;
};
struct Square : Shape {
	double side;
	explicit Square(double side) : side(side) {}
	double area() const override { return side * side; }
};
struct Circle : Shape {
	double area() const override { return 3.0; }
};

static Noisy &once()
{
	static Noisy lazy("function's static");
	return lazy;
}

int main()
{
	std::map<std::string, int> words;
	std::istringstream in("the cat and the dog and the bird");
	for (std::string word; in >> word; ) words[word]++;
	for (auto &[word, count] : words) std::cout << word << '=' << count << ' ';
	std::cout << '\n';

	std::vector<int> v(1000);
	std::iota(v.begin(), v.end(), 0);
	std::sort(v.begin(), v.end(), [](int a, int b) { return (a * 7919) % 1000 < (b * 7919) % 1000; });
	std::cout << v[0] << ' ' << v[1] << ' ' << v[999] << ' ' << std::accumulate(v.begin(), v.end(), 0) << '\n';

	std::vector<std::unique_ptr<Shape>> shapes;
	shapes.push_back(std::make_unique<Square>(1.5));
	shapes.push_back(std::make_unique<Circle>());
	for (auto &shape : shapes) std::cout << shape->area() << ' ' << (dynamic_cast<Square *>(shape.get()) != nullptr) << '\n';

	std::variant<int, std::string> either = std::string("text");
	std::cout << std::get<std::string>(either) << ' ' << either.index() << '\n';
	std::unordered_map<int, std::string> table{{1, "one"}, {2, "two"}};
	std::cout << table.at(2) << table.count(3) << '\n';
	std::cout << std::regex_replace("a1b22c", std::regex("[0-9]+"), "#") << '\n';
	std::cout << std::hex << 255 << std::dec << ' ' << 1e-7 << ' ' << std::to_string(2.5) << ' ' << std::stod("3.25e2") << '\n';

	once();
	once();

	std::mutex mutex;
	std::condition_variable condition;
	int turn = 0, sum = 0;
	std::vector<std::thread> threads;
	for (int i = 0; i < 4; i++)
		threads.emplace_back([&, i] {
			local.value += i;
			std::unique_lock lock(mutex);
			condition.wait(lock, [&] { return turn == i; });
			sum = sum * 10 + local.value;
			turn++;
			condition.notify_all();
		});
	for (auto &thread : threads) thread.join();
	std::cout << sum << ' ' << local.value << ' ' << locals_destroyed << '\n';

	std::ofstream("out.txt") << "written " << 42 << '\n';
	std::string line;
	std::getline(std::ifstream("out.txt") >> std::ws, line);
	std::cout << line << ' ' << std::filesystem::file_size("out.txt") << ' ' << std::filesystem::exists("absent") << '\n';
	auto start = std::chrono::steady_clock::now();
	std::this_thread::sleep_for(std::chrono::milliseconds(20));
	std::cout << (std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(20)) << '\n';
	return 0;
}
