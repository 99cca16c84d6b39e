/*
 * What the machine can do at most: ready WebSocket frames to raw sockets, and nothing else.
 *
 * Prints its port, accepts whoever connects, and obeys lines on its standard input:
 *   burst BURSTS EVENTS JOINED PER_SECOND FRAME_BYTES   for each event, or each JOINED of them, one write to everybody
 *   cpu                                                 microseconds it has used, user and system
 * Each is answered with one line. Writes wait where a reader is slow. It ends with its standard input.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { peersMax = 16384, bytesMax = 1 << 20 };

static int peers[peersMax];
static int peerCount = 0;

static void die(const char *why) {
  perror(why);
  exit(1);
}

static long long nowNs(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void waitUntil(long long atNs) {
  struct timespec until = {atNs / 1000000000LL, atNs % 1000000000LL};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

static void writeAll(int peer, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(peer, bytes, count);
    if (written < 0) die("write");
    bytes += written;
    count -= written;
  }
}

/* Text frames of a server, without a mask, one behind the other. */
static void makeFrames(char *bytes, int frames, int frameBytes) {
  int text = frameBytes - 4;
  for (int frame = 0; frame < frames; frame++, bytes += frameBytes) {
    memset(bytes, 'x', frameBytes);
    bytes[0] = (char)0x81;
    bytes[1] = 126;
    bytes[2] = (char)(text >> 8);
    bytes[3] = (char)text;
  }
}

static void burst(int bursts, int events, int joined, double perSecond, int frameBytes) {
  static char bytes[bytesMax];
  if (frameBytes < 130 || joined * frameBytes > bytesMax) die("these frames do not fit");
  makeFrames(bytes, joined, frameBytes);
  long long startNs = nowNs();
  for (int done = 0; done < bursts; done++) {
    waitUntil(startNs + (long long)(done * 1e9 / perSecond));
    for (int event = 0; event < events; event += joined)
      for (int peer = 0; peer < peerCount; peer++) writeAll(peers[peer], bytes, (size_t)joined * frameBytes);
  }
}

static void tellCpu(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  long long seconds = used.ru_utime.tv_sec + used.ru_stime.tv_sec;
  printf("%lld\n", seconds * 1000000LL + used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

static void obey(const char *line) {
  int bursts, events, joined, frameBytes;
  double perSecond;
  if (sscanf(line, "burst %d %d %d %lf %d", &bursts, &events, &joined, &perSecond, &frameBytes) == 5) {
    burst(bursts, events, joined, perSecond, frameBytes);
    puts("done");
  } else {
    tellCpu();
  }
  fflush(stdout);
}

static int listenAnywhere(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 4096) < 0) die("listen");
  getsockname(listener, (struct sockaddr *)&address, &size);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return listener;
}

static void acceptOne(int listener) {
  int peer = accept(listener, NULL, NULL), on = 1;
  if (peer < 0 || peerCount == peersMax) die("accept");
  setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  peers[peerCount++] = peer;
}

int main(void) {
  char line[256];
  signal(SIGPIPE, SIG_IGN);
  int listener = listenAnywhere();
  struct pollfd watched[] = {{.fd = listener, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
  for (;;) {
    if (poll(watched, 2, -1) < 0) die("poll");
    if (watched[0].revents) acceptOne(listener);
    if (!watched[1].revents) continue;
    if (!fgets(line, sizeof line, stdin)) return 0;
    obey(line);
  }
}
