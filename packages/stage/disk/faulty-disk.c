/*
 * Stands between a server and its disk (LD_PRELOAD), and does three things that a disk may do: it notes how much of each
 * file has been synced, it takes its time, and it is full. What it is to do is in the file `orders`, which is mapped, so an
 * order holds from the very next call. Of each file it keeps a note named for its inode, since files are renamed; the note
 * is written when the sync has succeeded, with the size from before: what is written meanwhile is not covered.
 *
 * The calls are made directly. Looking them up would not work for those that come before the program begins.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct orders {
  volatile int32_t full;
  volatile int32_t sync_ms;
};

static struct orders none;
static struct orders *orders = &none;

static void path_of(char *path, size_t size, const char *name) {
  const char *folder = getenv("EVERTHREAD_DISK");
  snprintf(path, size, "%s/%s", folder ? folder : "/nonexistent", name);
}

__attribute__((constructor)) static void begin(void) {
  char path[4096];
  path_of(path, sizeof path, "orders");
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  void *mapped = mmap(NULL, sizeof none, PROT_READ, MAP_SHARED, fd, 0);
  if (mapped != MAP_FAILED) orders = mapped;
  close(fd);
}

static void note(const struct statx *file) {
  char name[96], path[4096], text[32];
  long long born_ns = (long long)file->stx_btime.tv_sec * 1000000000LL + file->stx_btime.tv_nsec;
  snprintf(name, sizeof name, "synced-%llu-%lld", (unsigned long long)file->stx_ino, born_ns);
  path_of(path, sizeof path, name);
  int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return;
  int size = snprintf(text, sizeof text, "%020llu\n", (unsigned long long)file->stx_size);
  syscall(SYS_pwrite64, fd, text, (size_t)size, (off_t)0);
  close(fd);
}

static int is_file(int fd, struct statx *file) {
  return statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME, file) == 0 && S_ISREG(file->stx_mode);
}

static void wait_ms(int32_t ms) {
  struct timespec left = {ms / 1000, (ms % 1000) * 1000000L};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

static int sync_with(long call, int fd) {
  struct statx before;
  int known = is_file(fd, &before);
  if (known && orders->sync_ms > 0) wait_ms(orders->sync_ms);
  int result = (int)syscall(call, fd);
  if (result == 0 && known) note(&before);
  return result;
}

int fsync(int fd) { return sync_with(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_with(SYS_fdatasync, fd); }

ssize_t write(int fd, const void *bytes, size_t count) {
  struct statx file;
  if (orders->full && is_file(fd, &file)) {
    errno = ENOSPC;
    return -1;
  }
  return syscall(SYS_write, fd, bytes, count);
}
