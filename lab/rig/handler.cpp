// A pipeline handler for the real libcamera: sensors that nobody has plugged in, which paint numbered frames.
//
// The law: what it decides is what `lab.rig.binding` and `lab.rig.floor` decide, and what it paints is what
// `lab.rig.scene` reads. Everything above it (requests, buffers, controls, threads, the binding for Python) is
// libcamera's own. It is loaded beside it, and libcamera finds it as it finds its own handlers.
//
// $BOOTH_SENSORS names a file: for each sensor a line "model width height gain focus modes", then a line for each mode,
// "format width height left top wide high rate". $BOOTH_TOLD names the file into which goes what it was "given", as
// "given model control value", and what it "exposed": "exposed model number nanoseconds" of the monotonic clock. As long
// as there is a file that $BOOTH_SILENT names, nothing comes of any sensor.

#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <libcamera/base/timer.h>

#include <libcamera/camera.h>
#include <libcamera/control_ids.h>
#include <libcamera/formats.h>
#include <libcamera/property_ids.h>
#include <libcamera/request.h>

#include "libcamera/internal/camera.h"
#include "libcamera/internal/formats.h"
#include "libcamera/internal/framebuffer.h"
#include "libcamera/internal/pipeline_handler.h"
#include "libcamera/internal/request.h"

using namespace libcamera;

namespace {

constexpr unsigned int SMALLEST = 64, STARTUP = 2;
constexpr int64_t LONGEST = 11767556, EXPOSED = 20000, USUAL = 33333; // microseconds
constexpr double DARKEST = 16, BRIGHTEST = 239;
constexpr int BITS = 3, STEP = 32;

struct Mode {
	PixelFormat format;
	Size size;
	Rectangle crop;
	double rate;

	unsigned int depth() const { return PixelFormatInfo::info(format).bitsPerPixel; }
};

struct Sensor {
	std::string model;
	Size size;
	float gain;
	bool focus;
	std::vector<Mode> modes;

	const Mode &whole() const
	{
		return *std::max_element(modes.begin(), modes.end(),
					 [](const Mode &a, const Mode &b) { return a.size < b.size; });
	}
};

std::vector<Sensor> sensors()
{
	std::vector<Sensor> found;
	std::ifstream lines(getenv("BOOTH_SENSORS") ?: "");
	Sensor one;
	unsigned int modes;
	while (lines >> one.model >> one.size.width >> one.size.height >> one.gain >> one.focus >> modes) {
		one.modes.clear();
		while (modes--) {
			std::string format;
			Mode mode;
			lines >> format >> mode.size.width >> mode.size.height >> mode.crop.x >> mode.crop.y >>
				mode.crop.width >> mode.crop.height >> mode.rate;
			mode.format = PixelFormat::fromString(format);
			one.modes.push_back(mode);
		}
		found.push_back(one);
	}
	return found;
}

int64_t now()
{
	timespec at;
	clock_gettime(CLOCK_MONOTONIC, &at);
	return at.tv_sec * 1000000000LL + at.tv_nsec;
}

bool raw(const StreamConfiguration &stream)
{
	return PixelFormatInfo::info(stream.pixelFormat).colourEncoding == PixelFormatInfo::ColourEncodingRAW;
}

// What of the sensor is seen, as the pipeline for VC4 finds it.
Rectangle view(const Mode &mode, const Size &main)
{
	Rectangle seen = mode.size.boundedToAspectRatio(main).centeredTo(Rectangle(mode.size).center());
	seen.scaleBy(mode.crop.size(), mode.size);
	seen.translateBy(mode.crop.topLeft());
	return seen;
}

class Data : public Camera::Private
{
public:
	Data(PipelineHandler *pipe, const Sensor &with) : Camera::Private(pipe), sensor(with)
	{
		properties_.set(properties::Model, sensor.model);
		properties_.set(properties::Location, properties::CameraLocationExternal);
		properties_.set(properties::Rotation, 0);
		properties_.set(properties::draft::ColorFilterArrangement, properties::draft::RGGB);
		properties_.set(properties::PixelArraySize, sensor.size);
		offer(sensor.whole(), sensor.size);
	}

	// Say what can be set, for a mode and what is made of it.
	void offer(const Mode &mode, const Size &main)
	{
		const int64_t limits[2] = { USUAL, USUAL };
		ControlInfoMap::Map there;
		there[&controls::FrameDurationLimits] =
			ControlInfo(int64_t(std::lround(1e6 / mode.rate)), LONGEST, Span<const int64_t, 2>(limits));
		there[&controls::ExposureTime] = ControlInfo(75, int32_t(LONGEST), int32_t(EXPOSED));
		there[&controls::AnalogueGain] = ControlInfo(1.0f, sensor.gain, 1.0f);
		there[&controls::AnalogueGainMode] = ControlInfo(0, 1, 0);
		there[&controls::AeExposureMode] = ControlInfo(0, 3, 0);
		there[&controls::AwbMode] = ControlInfo(0, 7, 0);
		there[&controls::ScalerCrop] = ControlInfo(Rectangle(0, 0, 64, 64), mode.crop, view(mode, main));
		there[&controls::draft::NoiseReductionMode] = ControlInfo(0, 4, 0);
		if (sensor.focus) {
			there[&controls::AfMode] = ControlInfo(0, 2, 0);
			there[&controls::LensPosition] = ControlInfo(0.0f, 32.0f, 1.0f);
		}
		controlInfo_ = ControlInfoMap(std::move(there), controls::controls);
	}

	const Sensor sensor;
	Stream streams[3];
	Mode mode;
	Size main;
	bool hflip = false, vflip = false;
	double period = 0; // seconds
	unsigned int number = 0, first = 0;
	int64_t began = 0;
	std::unique_ptr<Timer> timer;
	std::ofstream told;
};

class Configuration : public CameraConfiguration
{
public:
	Configuration(const Data *data) : data_(data) {}

	Status validate() override
	{
		const Mode *chosen = config_.empty() ? nullptr : wanted();
		if (!chosen)
			return Invalid;
		mode = *chosen;
		Status status = Valid;
		if (orientation != Orientation::Rotate0 && orientation != Orientation::Rotate0Mirror &&
		    orientation != Orientation::Rotate180 && orientation != Orientation::Rotate180Mirror) {
			orientation = Orientation::Rotate0;
			status = Adjusted;
		}
		Size largest;
		for (const StreamConfiguration &stream : config_)
			if (!raw(stream))
				largest = std::max(largest, stream.size);
		for (StreamConfiguration &stream : config_) {
			const Size asked = stream.size;
			if (raw(stream)) {
				stream.pixelFormat = mode.format;
				stream.size = mode.size;
			} else {
				stream.size = asked.boundedTo(largest).expandedTo({ SMALLEST, SMALLEST });
			}
			if (stream.size != asked)
				status = Adjusted;
			const unsigned int width = stream.size.width, height = stream.size.height;
			const bool planes = stream.pixelFormat == formats::YUV420;
			stream.stride = planes ? (width + 63) / 64 * 64
					       : PixelFormatInfo::info(stream.pixelFormat).stride(width, 0, 32);
			stream.frameSize = stream.stride * height * (planes ? 3 : 2) / 2;
		}
		return status;
	}

	Mode mode;

private:
	const Mode *wanted() const
	{
		if (!sensorConfig)
			return &data_->sensor.whole();
		for (const Mode &one : data_->sensor.modes)
			if (one.size == sensorConfig->outputSize && one.depth() == sensorConfig->bitDepth)
				return &one;
		return nullptr;
	}

	const Data *data_;
};

class Handler : public PipelineHandler
{
public:
	Handler(CameraManager *manager) : PipelineHandler(manager) {}
	~Handler() override
	{
		if (mine_)
			taken_ = false;
	}

	bool match(DeviceEnumerator *) override
	{
		if (taken_)
			return false;
		taken_ = mine_ = true;
		int count = 0;
		for (const Sensor &sensor : sensors()) {
			auto data = std::make_unique<Data>(this, sensor);
			std::set<Stream *> streams{ &data->streams[0], &data->streams[1], &data->streams[2] };
			const std::string id = "/base/soc/i2c0mux/i2c@" + std::to_string(count++) + "/" + sensor.model + "@1a";
			registerCamera(Camera::create(std::move(data), id, streams));
		}
		return count > 0;
	}

	std::unique_ptr<CameraConfiguration> generateConfiguration(Camera *camera, Span<const StreamRole> roles) override
	{
		const Data *data = of(camera);
		auto made = std::make_unique<Configuration>(data);
		for (const StreamRole role : roles) {
			std::map<PixelFormat, std::vector<SizeRange>> offers;
			if (role == StreamRole::Raw)
				for (const Mode &mode : data->sensor.modes)
					offers[mode.format].push_back(SizeRange(mode.size));
			else
				for (const PixelFormat &format : { formats::YUV420, formats::RGB888, formats::BGR888,
								   formats::XBGR8888, formats::XRGB8888 })
					offers[format].push_back(SizeRange({ SMALLEST, SMALLEST }, data->sensor.size));
			StreamConfiguration stream{ StreamFormats(offers) };
			stream.pixelFormat = role == StreamRole::Raw ? data->sensor.whole().format : formats::XRGB8888;
			stream.size = role == StreamRole::Raw ? data->sensor.size : Size(800, 600);
			stream.bufferCount = 4;
			made->addConfiguration(stream);
		}
		if (!roles.empty())
			made->validate();
		return made;
	}

	int configure(Camera *camera, CameraConfiguration *wanted) override
	{
		Data *data = of(camera);
		const auto *configuration = static_cast<const Configuration *>(wanted);
		data->mode = configuration->mode;
		data->main = wanted->at(0).size;
		data->hflip = wanted->orientation == Orientation::Rotate0Mirror || wanted->orientation == Orientation::Rotate180;
		data->vflip = wanted->orientation == Orientation::Rotate180Mirror || wanted->orientation == Orientation::Rotate180;
		for (unsigned int i = 0; i < wanted->size(); i++)
			wanted->at(i).setStream(&data->streams[i]);
		data->offer(data->mode, data->main);
		return 0;
	}

	int exportFrameBuffers(Camera *, Stream *, std::vector<std::unique_ptr<FrameBuffer>> *) override
	{
		return -ENOTSUP; // picamera2 brings its own
	}

	int start(Camera *camera, const ControlList *given) override
	{
		Data *data = of(camera);
		data->period = 1 / data->mode.rate;
		if (const char *path = getenv("BOOTH_TOLD"))
			data->told.open(path, std::ios::app);
		if (given)
			obey(data, *given);
		data->began = now();
		data->first = data->number;
		data->timer = std::make_unique<Timer>(this);
		data->timer->timeout.connect(this, [this, data] { tick(data); });
		wait(data);
		return 0;
	}

	void stopDevice(Camera *camera) override
	{
		Data *data = of(camera);
		data->timer.reset();
		data->told.close();
		while (!data->queuedRequests_.empty())
			cancelRequest(data->queuedRequests_.front());
	}

	int queueRequestDevice(Camera *camera, Request *request) override
	{
		obey(of(camera), request->controls());
		return 0;
	}

private:
	static Data *of(Camera *camera) { return static_cast<Data *>(camera->_d()); }

	static void wait(Data *data) { data->timer->start(std::chrono::milliseconds(std::lround(data->period * 1000))); }

	static void obey(Data *data, const ControlList &given)
	{
		for (const auto &[id, value] : given)
			data->told << "given " << data->sensor.model << ' ' << controls::controls.at(id)->name() << ' '
				   << value.toString() << std::endl;
		if (const auto limits = given.get(controls::FrameDurationLimits))
			data->period = std::max((*limits)[0] / 1e6, 1 / data->mode.rate);
	}

	// A frame has been exposed. Nobody may have asked for it.
	void tick(Data *data)
	{
		const int64_t started = data->began, ended = data->began = now();
		const unsigned int number = ++data->number;
		wait(data);
		data->told << "exposed " << data->sensor.model << ' ' << number << ' ' << started << std::endl;
		const char *silent = getenv("BOOTH_SILENT");
		if (data->queuedRequests_.empty() || (silent && access(silent, F_OK) == 0))
			return;
		Request *request = data->queuedRequests_.front();
		const int64_t exposed = std::min(EXPOSED, (ended - started) / 1000);
		const bool settled = number > data->first + STARTUP;
		ControlList &told = request->_d()->metadata();
		told.set(controls::SensorTimestamp, started + 1000 * exposed);
		told.set(controls::FrameDuration, (ended - started) / 1000);
		told.set(controls::ExposureTime, int32_t(exposed));
		told.set(controls::AnalogueGain, 2.0f);
		told.set(controls::DigitalGain, 1.0f);
		told.set(controls::ScalerCrop, view(data->mode, data->main));
		for (const auto &[stream, buffer] : request->buffers()) {
			FrameMetadata &metadata = buffer->_d()->metadata();
			if (!paint(data, stream->configuration(), buffer, number))
				metadata.status = FrameMetadata::FrameError;
			else
				metadata.status = settled ? FrameMetadata::FrameSuccess : FrameMetadata::FrameStartup;
			metadata.sequence = number;
			metadata.timestamp = started + 1000 * exposed;
			for (unsigned int i = 0; i < buffer->planes().size(); i++)
				metadata.planes()[i].bytesused = buffer->planes()[i].length;
			completeBuffer(request, buffer);
		}
		completeRequest(request);
	}

	// Red grows from the sensor's left edge to its right one, green from top to bottom; blue is the number, in quarters.
	static bool paint(const Data *data, const StreamConfiguration &stream, FrameBuffer *buffer, unsigned int number)
	{
		if (raw(stream))
			return true;
		const FrameBuffer::Plane &plane = buffer->planes()[0];
		void *mapped = mmap(nullptr, plane.length, PROT_READ | PROT_WRITE, MAP_SHARED, plane.fd.get(), 0);
		if (mapped == MAP_FAILED)
			return false;
		auto *memory = static_cast<uint8_t *>(mapped) + plane.offset;
		const Rectangle seen = view(data->mode, data->main);
		const unsigned int width = stream.size.width, height = stream.size.height, stride = stream.stride;
		const auto red = ramp(width, seen.x, seen.width, data->sensor.size.width, data->hflip);
		const auto green = ramp(height, seen.y, seen.height, data->sensor.size.height, data->vflip);
		const auto blue = [&](unsigned int x, unsigned int y) -> double {
			const unsigned int quarter = (y >= height / 2) * 2 + (x >= width / 2);
			return (number >> (quarter * BITS)) % (1 << BITS) * STEP + STEP / 2;
		};
		if (stream.pixelFormat == formats::BGR888) { // named backwards: red comes first in memory
			for (unsigned int y = 0; y < height; y++)
				for (unsigned int x = 0; x < width; x++) {
					uint8_t *pixel = memory + y * stride + 3 * x;
					pixel[0] = std::lround(red[x]);
					pixel[1] = std::lround(green[y]);
					pixel[2] = blue(x, y);
				}
		} else if (stream.pixelFormat == formats::YUV420) {
			uint8_t *u = memory + height * stride, *v = u + height / 2 * stride / 2;
			for (unsigned int y = 0; y < height; y++)
				for (unsigned int x = 0; x < width; x++) {
					const double b = blue(x, y);
					memory[y * stride + x] = std::lround(0.299 * red[x] + 0.587 * green[y] + 0.114 * b);
					if (x % 2 || y % 2)
						continue;
					const unsigned int at = y / 2 * stride / 2 + x / 2;
					u[at] = std::lround(128 - 0.168736 * red[x] - 0.331264 * green[y] + 0.5 * b);
					v[at] = std::lround(128 + 0.5 * red[x] - 0.418688 * green[y] - 0.081312 * b);
				}
		}
		munmap(mapped, plane.length);
		return true;
	}

	static std::vector<double> ramp(unsigned int pixels, int first, unsigned int extent, unsigned int whole, bool turned)
	{
		std::vector<double> values(pixels);
		for (unsigned int i = 0; i < pixels; i++)
			values[i] = DARKEST + (BRIGHTEST - DARKEST) * (first + (i + 0.5) * extent / pixels) / whole;
		if (turned)
			std::reverse(values.begin(), values.end());
		return values;
	}

	static inline bool taken_ = false;
	bool mine_ = false;
};

PipelineHandlerFactory<Handler> factory("booth");

} // namespace
