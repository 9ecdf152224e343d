/* A floor of pretended video devices: the kernel's side of V4L2, as the headers of this machine lay it out.

   A device is a file whose lines say what it is and does; it is read anew all the time, so that whoever changes it,
   moves it or takes it away does so to the device. Its JPEGs are files, too, named after their size; each is given its
   number, as a comment. Used in two ways: by the functions floor_..., and with LD_PRELOAD, which answers open, ioctl and
   poll for what lies in the folder $V4L2_FLOOR.

     card HD Webcam            driver, card and bus of VIDIOC_QUERYCAP
     bus usb-0000:01:00.0-1.2
     caps capture              any of: capture metadata output m2m media
     input camera              or: none
     mode MJPG 1280x960 1/30   a format, a size and an interval: as often as there are
     steps YUYV 32 16 1280 960 2   a format whose sizes are a range, with a step; it tells no intervals
     jpegs FOLDER              where WIDTHxHEIGHT.jpg are
     silent, busy, damaged, failing    nothing comes; in use; every picture has the error flag; every one is an EIO
     gives YUYV                what it gives whatever is asked
     control 0x9a090a 0 250 5 20 0x9a090c  what may be set: number, least, most, step, usual; and what it follows while
                               that is 1, so that it cannot be set then, or 0
     stuck 0x9a090a            a control that takes nothing
*/
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define APART (8u << 20)
#define BUFFERS 8
#define DEVICES 256
#define MODES 64
#define CONTROLS 16

struct mode { unsigned format, width, height, numerator, denominator; int steps, least[2], step; };
struct control { unsigned number, follows; int least, most, step, usual, stuck; };
struct told {
    char card[32], bus[32], jpegs[PATH_MAX];
    unsigned caps, gives;
    int camera, silent, busy, damaged, failing, modes;
    struct mode mode[MODES];
    struct control control[CONTROLS];
    int controls;
};
/* What was set of a device: it is kept when whoever set it has gone. */
struct held { char path[PATH_MAX]; unsigned number; int value; };
struct stream {
    int fd, streaming, count, queued[BUFFERS], waiting, done[BUFFERS], ready;
    char path[PATH_MAX];
    unsigned format, width, height, sequence, bytes[BUFFERS], number[BUFFERS];
    double interval, next;
};

static struct stream streams[DEVICES];
static int opened;
static struct held helds[DEVICES];
static int holding;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static unsigned code(const char *name) { return v4l2_fourcc(name[0], name[1], name[2], name[3]); }

static int read_device(const char *path, struct told *told) {
    char line[PATH_MAX + 64], word[32];
    FILE *file = fopen(path, "re");
    memset(told, 0, sizeof *told);
    if (!file) return -1;
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        struct mode *mode = &told->mode[told->modes];
        struct control *control = &told->control[told->controls];
        unsigned number;
        if (!strncmp(line, "card ", 5)) sscanf(line, "card %31[^\n]", told->card);
        else if (!strncmp(line, "bus ", 4)) sscanf(line, "bus %31s", told->bus);
        else if (!strncmp(line, "jpegs ", 6)) sscanf(line, "jpegs %4095[^\n]", told->jpegs);
        else if (!strncmp(line, "caps ", 5)) {
            if (strstr(line, "capture")) told->caps |= V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
            if (strstr(line, "metadata")) told->caps |= V4L2_CAP_META_CAPTURE | V4L2_CAP_STREAMING;
            if (strstr(line, "output")) told->caps |= V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_STREAMING;
            if (strstr(line, "m2m")) told->caps |= V4L2_CAP_VIDEO_M2M | V4L2_CAP_STREAMING;
            if (strstr(line, "media")) told->caps |= V4L2_CAP_IO_MC;
        } else if (sscanf(line, "mode %4s %ux%u %u/%u", word, &mode->width, &mode->height, &mode->numerator,
                          &mode->denominator) == 5) {
            mode->format = code(word);
            told->modes++;
        } else if (sscanf(line, "steps %4s %d %d %u %u %d", word, &mode->least[0], &mode->least[1], &mode->width,
                          &mode->height, &mode->step) == 6) {
            mode->format = code(word);
            mode->steps = mode->denominator = 1;
            mode->denominator = 30;
            told->modes++;
        } else if (sscanf(line, "control %x %d %d %d %d %x", &control->number, &control->least, &control->most,
                          &control->step, &control->usual, &control->follows) == 6) {
            told->controls++;
        } else if (sscanf(line, "stuck %x", &number) == 1) {
            for (int at = 0; at < told->controls; at++)
                if (told->control[at].number == number) told->control[at].stuck = 1;
        } else if (sscanf(line, "gives %4s", word) == 1) told->gives = code(word);
        else if (!strcmp(line, "input camera")) told->camera = 1;
        else if (!strcmp(line, "silent")) told->silent = 1;
        else if (!strcmp(line, "busy")) told->busy = 1;
        else if (!strcmp(line, "damaged")) told->damaged = 1;
        else if (!strcmp(line, "failing")) told->failing = 1;
    }
    fclose(file);
    return 0;
}

static struct stream *stream_of(int fd) {
    for (int at = opened - 1; at >= 0; at--)
        if (streams[at].fd == fd) return &streams[at];
    return NULL;
}

static struct control *control_of(struct told *told, unsigned number) {
    for (int at = 0; at < told->controls; at++)
        if (told->control[at].number == number) return &told->control[at];
    return NULL;
}

static struct held *held_of(const char *path, unsigned number) {
    for (int at = 0; at < holding; at++)
        if (helds[at].number == number && !strcmp(helds[at].path, path)) return &helds[at];
    return NULL;
}

static unsigned size_image(struct stream *stream) { return stream->width * stream->height * 2; }

static void fill(struct stream *stream, struct told *told, int index) {
    unsigned char *to = mmap(NULL, APART, PROT_READ | PROT_WRITE, MAP_SHARED, stream->fd, (off_t)index * APART);
    if (to == MAP_FAILED) return;
    unsigned used = size_image(stream);
    if (stream->format == code("YUYV")) {
        for (unsigned at = 0; at < used; at += 4) {
            int red = at % (stream->width * 2) >= stream->width;
            unsigned char pair[4] = {red ? 81 : 16 + stream->sequence % 16, red ? 90 : 128, red ? 81 : 16, red ? 240 : 128};
            memcpy(to + at, pair, 4);
        }
    } else {
        char name[PATH_MAX + 32];
        snprintf(name, sizeof name, "%s/%ux%u.jpg", told->jpegs, stream->width, stream->height);
        FILE *file = fopen(name, "re");
        used = 0;
        if (file) {
            used = fread(to, 1, 2, file);
            if (used == 2 && to[0] == 0xff && to[1] == 0xd8) {
                unsigned char number[8] = {0xff, 0xfe, 0, 6, stream->sequence >> 24, stream->sequence >> 16,
                                           stream->sequence >> 8, stream->sequence};
                memcpy(to + 2, number, 8);
                used += 8;
            }
            used += fread(to + used, 1, size_image(stream) - used, file);
            fclose(file);
        }
    }
    munmap(to, APART);
    stream->bytes[index] = used;
    stream->number[index] = stream->sequence;
}

/* Let the pictures come whose time has passed. Without a buffer, one is dropped. */
static void tick(struct stream *stream, struct told *told) {
    double t = now();
    if (t - stream->next > 100 * stream->interval) stream->next = t - 100 * stream->interval;
    while (stream->streaming && t >= stream->next) {
        stream->next += stream->interval;
        stream->sequence++;
        if (told->silent || !stream->waiting) continue;
        int index = stream->queued[0];
        memmove(stream->queued, stream->queued + 1, --stream->waiting * sizeof(int));
        fill(stream, told, index);
        stream->done[stream->ready++] = index;
    }
}

static int refused(int why) {
    errno = why;
    return -1;
}

int floor_open(const char *path) {
    struct told told;
    char real[PATH_MAX];
    if (!realpath(path, real)) return -1;
    if (access(real, R_OK | W_OK)) return -1;
    pthread_mutex_lock(&lock);
    int fd = opened < DEVICES && !read_device(real, &told) ? memfd_create("video", MFD_CLOEXEC) : -1;
    for (int at = 0; at < opened; at++) /* the number of a device that was closed */
        if (streams[at].fd == fd) memmove(&streams[at], &streams[at + 1], (--opened - at) * sizeof *streams);
    if (fd >= 0 && !ftruncate(fd, (off_t)BUFFERS * APART)) {
        struct stream *stream = &streams[opened++];
        memset(stream, 0, sizeof *stream);
        stream->fd = fd;
        strcpy(stream->path, real);
    }
    pthread_mutex_unlock(&lock);
    return fd < 0 ? refused(EMFILE) : fd;
}

static int answer(struct stream *stream, struct told *told, unsigned long request, void *argument) {
    unsigned seen = 0;
    switch (request) {
    case VIDIOC_QUERYCAP: {
        struct v4l2_capability *caps = argument;
        memset(caps, 0, sizeof *caps);
        strcpy((char *)caps->driver, "uvcvideo");
        memcpy(caps->card, told->card, 32);
        memcpy(caps->bus_info, told->bus, 32);
        caps->device_caps = told->caps;
        /* The node's neighbours count here: only device_caps says what this one is. */
        caps->capabilities = told->caps | V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_META_CAPTURE | V4L2_CAP_DEVICE_CAPS;
        return 0;
    }
    case VIDIOC_ENUMINPUT: {
        struct v4l2_input *input = argument;
        if (!told->camera) return refused(ENOTTY);
        if (input->index) return refused(EINVAL);
        input->type = V4L2_INPUT_TYPE_CAMERA;
        return 0;
    }
    }
    if (!(told->caps & V4L2_CAP_VIDEO_CAPTURE)) return refused(ENOTTY);
    switch (request) {
    case VIDIOC_ENUM_FMT: {
        struct v4l2_fmtdesc *format = argument;
        if (format->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return refused(EINVAL);
        for (int at = 0; at < told->modes; at++) {
            int first = 1;
            for (int before = 0; before < at; before++) first &= told->mode[before].format != told->mode[at].format;
            if (first && seen++ == format->index) {
                format->pixelformat = told->mode[at].format;
                return 0;
            }
        }
        return refused(EINVAL);
    }
    case VIDIOC_ENUM_FRAMESIZES: {
        struct v4l2_frmsizeenum *size = argument;
        for (int at = 0; at < told->modes; at++) {
            struct mode *mode = &told->mode[at];
            if (mode->format != size->pixel_format || seen++ != size->index) continue;
            if (mode->steps) {
                struct v4l2_frmsize_stepwise range = {mode->least[0], mode->width,  mode->step,
                                                      mode->least[1], mode->height, mode->step};
                size->type = V4L2_FRMSIZE_TYPE_STEPWISE;
                size->stepwise = range;
            } else {
                size->type = V4L2_FRMSIZE_TYPE_DISCRETE;
                size->discrete.width = mode->width;
                size->discrete.height = mode->height;
            }
            return 0;
        }
        return refused(EINVAL);
    }
    case VIDIOC_ENUM_FRAMEINTERVALS: {
        struct v4l2_frmivalenum *interval = argument;
        for (int at = 0; at < told->modes; at++) {
            struct mode *mode = &told->mode[at];
            if (mode->format != interval->pixel_format || mode->width != interval->width || mode->steps ||
                mode->height != interval->height || seen++ != interval->index)
                continue;
            interval->type = V4L2_FRMIVAL_TYPE_DISCRETE;
            interval->discrete.numerator = mode->numerator;
            interval->discrete.denominator = mode->denominator;
            return 0;
        }
        return refused(EINVAL);
    }
    case VIDIOC_S_FMT: {
        struct v4l2_format *format = argument;
        struct mode *best = NULL;
        if (told->busy) return refused(EBUSY);
        for (int at = 0; at < told->modes; at++) {
            struct mode *mode = &told->mode[at];
            if (mode->format != (told->gives ? told->gives : format->fmt.pix.pixelformat)) continue;
            if (!best || (mode->width == format->fmt.pix.width && mode->height == format->fmt.pix.height)) best = mode;
        }
        if (!best) return refused(EINVAL);
        stream->format = best->format;
        stream->width = best->steps ? format->fmt.pix.width : best->width;
        stream->height = best->steps ? format->fmt.pix.height : best->height;
        stream->interval = (double)best->numerator / best->denominator;
        if (best->steps) stream->interval = 1.0 / 30;
        memset(&format->fmt, 0, sizeof format->fmt);
        format->fmt.pix.width = stream->width;
        format->fmt.pix.height = stream->height;
        format->fmt.pix.pixelformat = stream->format;
        format->fmt.pix.bytesperline = stream->format == code("YUYV") ? stream->width * 2 : 0;
        format->fmt.pix.sizeimage = size_image(stream);
        format->fmt.pix.colorspace = V4L2_COLORSPACE_SRGB;
        return 0;
    }
    case VIDIOC_S_PARM: {
        struct v4l2_streamparm *parameters = argument;
        struct v4l2_fract *asked = &parameters->parm.capture.timeperframe;
        if (!asked->numerator || !asked->denominator) return refused(EINVAL);
        stream->interval = (double)asked->numerator / asked->denominator;
        return 0;
    }
    case VIDIOC_QUERYCTRL: {
        struct v4l2_queryctrl *query = argument;
        struct control *control = control_of(told, query->id);
        if (!control) return refused(EINVAL);
        query->minimum = control->least;
        query->maximum = control->most;
        query->step = control->step;
        query->default_value = control->usual;
        query->flags = 0;
        return 0;
    }
    case VIDIOC_S_CTRL: {
        struct v4l2_control *asked = argument;
        struct control *control = control_of(told, asked->id);
        if (!control) return refused(EINVAL);
        if (control->stuck) return refused(EIO);
        if (asked->value < control->least || asked->value > control->most) return refused(ERANGE);
        struct held *held = control->follows ? held_of(stream->path, control->follows) : NULL;
        if (held && held->value == 1) return refused(EACCES);
        held = held_of(stream->path, asked->id);
        if (!held) {
            if (holding == DEVICES) return refused(ENOMEM);
            held = &helds[holding++];
            strcpy(held->path, stream->path);
            held->number = asked->id;
        }
        held->value = asked->value;
        return 0;
    }
    case VIDIOC_REQBUFS: {
        struct v4l2_requestbuffers *asked = argument;
        if (asked->memory != V4L2_MEMORY_MMAP) return refused(EINVAL);
        if (asked->count > BUFFERS) asked->count = BUFFERS;
        stream->count = asked->count;
        return 0;
    }
    case VIDIOC_QUERYBUF: {
        struct v4l2_buffer *buffer = argument;
        if (buffer->index >= (unsigned)stream->count) return refused(EINVAL);
        buffer->length = size_image(stream);
        buffer->m.offset = buffer->index * APART;
        return 0;
    }
    case VIDIOC_QBUF: {
        struct v4l2_buffer *buffer = argument;
        if (buffer->index >= (unsigned)stream->count || buffer->memory != V4L2_MEMORY_MMAP) return refused(EINVAL);
        stream->queued[stream->waiting++] = buffer->index;
        return 0;
    }
    case VIDIOC_DQBUF: {
        struct v4l2_buffer *buffer = argument;
        if (!stream->streaming) return refused(EINVAL);
        if (told->failing) return refused(EIO);
        tick(stream, told);
        if (!stream->ready) return refused(EAGAIN);
        int index = stream->done[0];
        memmove(stream->done, stream->done + 1, --stream->ready * sizeof(int));
        buffer->index = index;
        buffer->memory = V4L2_MEMORY_MMAP;
        buffer->length = size_image(stream);
        buffer->bytesused = stream->bytes[index];
        buffer->sequence = stream->number[index];
        buffer->flags = told->damaged ? V4L2_BUF_FLAG_ERROR : 0;
        return 0;
    }
    case VIDIOC_STREAMON:
        stream->streaming = 1;
        stream->next = now() + stream->interval;
        return 0;
    case VIDIOC_STREAMOFF: stream->streaming = stream->waiting = stream->ready = 0; return 0;
    }
    return refused(ENOTTY);
}

int floor_ioctl(int fd, unsigned long request, void *argument) {
    struct told told;
    pthread_mutex_lock(&lock);
    struct stream *stream = stream_of(fd);
    int result = !stream                              ? refused(ENOTTY)
                 : read_device(stream->path, &told) ? refused(ENODEV)
                                                    : answer(stream, &told, (unsigned)request, argument);
    pthread_mutex_unlock(&lock);
    return result;
}

int floor_poll(int fd, int milliseconds) {
    double until = now() + milliseconds / 1000.0;
    for (;;) {
        struct told told;
        struct timespec nap = {0, 500000};
        pthread_mutex_lock(&lock);
        struct stream *stream = stream_of(fd);
        int ready = !stream || read_device(stream->path, &told) || told.failing;
        if (!ready) {
            tick(stream, &told);
            ready = stream->ready > 0;
        }
        pthread_mutex_unlock(&lock);
        if (ready || now() >= until) return ready;
        nanosleep(&nap, NULL);
    }
}

/* The number of the newest picture of the device at *path*; 0 if it has none. */
unsigned floor_number(const char *path) {
    struct told told;
    unsigned number = 0;
    char real[PATH_MAX];
    if (!realpath(path, real) || read_device(real, &told)) return 0;
    pthread_mutex_lock(&lock);
    for (int at = opened - 1; at >= 0 && !number; at--)
        if (streams[at].streaming && !strcmp(streams[at].path, real)) {
            tick(&streams[at], &told);
            number = streams[at].sequence;
        }
    pthread_mutex_unlock(&lock);
    return number;
}

/* What a control of the device was set to. */
int floor_held(const char *path, unsigned number, int *value) {
    char real[PATH_MAX];
    if (!realpath(path, real)) return -1;
    pthread_mutex_lock(&lock);
    struct held *held = held_of(real, number);
    if (held) *value = held->value;
    pthread_mutex_unlock(&lock);
    return held ? 0 : -1;
}

/* The width, height, rate (a thousandth of a picture a second) and format of the newest stream of the device. */
int floor_agreed(const char *path, unsigned *agreed) {
    char real[PATH_MAX];
    if (!realpath(path, real)) return -1;
    for (int at = opened - 1; at >= 0; at--)
        if (streams[at].streaming && !strcmp(streams[at].path, real)) {
            agreed[0] = streams[at].width;
            agreed[1] = streams[at].height;
            agreed[2] = (unsigned)(1000 / streams[at].interval + 0.5);
            agreed[3] = streams[at].format;
            return 0;
        }
    return -1;
}

/* ---- with LD_PRELOAD */

static int ours(const char *path) {
    const char *floor = getenv("V4L2_FLOOR");
    return floor && !strncmp(path, floor, strlen(floor)) && strstr(path, "/video");
}

#define OPENING(name)                                                                                                  \
    int name(const char *path, int flags, ...) {                                                                       \
        va_list rest;                                                                                                  \
        va_start(rest, flags);                                                                                         \
        mode_t mode = va_arg(rest, mode_t);                                                                            \
        va_end(rest);                                                                                                  \
        int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, #name);                                                 \
        return ours(path) ? floor_open(path) : real(path, flags, mode);                                                \
    }
OPENING(open)
OPENING(open64)

int ioctl(int fd, unsigned long request, ...) {
    va_list rest;
    va_start(rest, request);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    int (*real)(int, unsigned long, ...) = dlsym(RTLD_NEXT, "ioctl");
    return stream_of(fd) ? floor_ioctl(fd, request, argument) : real(fd, request, argument);
}

int poll(struct pollfd *fds, nfds_t count, int timeout) {
    int (*real)(struct pollfd *, nfds_t, int) = dlsym(RTLD_NEXT, "poll");
    if (count != 1 || !stream_of(fds[0].fd)) return real(fds, count, timeout);
    fds[0].revents = floor_poll(fds[0].fd, timeout) ? POLLIN : 0;
    return fds[0].revents != 0;
}
