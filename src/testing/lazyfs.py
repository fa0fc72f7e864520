#!/usr/bin/python3
"""A folder that forgets what was not synced. lazyfs.py DISK MOUNT, as root, with Debian's python3-fusepy and fuse3.

Programs see MOUNT, whose files lie in DISK.now; a sync copies a file to DISK. SIGUSR1 is a power cut: DISK.now becomes DISK again, and
"cut" is printed. Python hears the signal at the next request, so whoever cuts reads MOUNT until it is printed.

It is the harshest disk POSIX allows: all bytes since the last sync go at once. Single writes are not torn, and new folders count as synced.
"""
import os
import shutil
import signal
import sys

from fusepy import FUSE, FuseOSError, Operations  # Debian's name of it

DISK, MOUNT = os.path.abspath(sys.argv[1]), sys.argv[2]
NOW = DISK + ".now"
shutil.rmtree(NOW, ignore_errors=True)
shutil.copytree(DISK, NOW)

# Files whose bytes, and folders whose names, were not synced.
dirty, names = set(), set()
STAT = ("st_atime", "st_ctime", "st_gid", "st_mode", "st_mtime", "st_nlink", "st_size", "st_uid", "st_blocks")


class Lazy(Operations):
    def __call__(self, operation, *arguments):
        try:
            return getattr(self, operation)(*arguments)
        except OSError as error:
            raise FuseOSError(error.errno)

    def getattr(self, path, handle=None):
        stat = os.lstat(NOW + path)
        return {key: getattr(stat, key) for key in STAT}

    def readdir(self, path, handle):
        return [".", ".."] + os.listdir(NOW + path)

    def create(self, path, mode, info=None):
        names.add(path)
        return os.open(NOW + path, os.O_RDWR | os.O_CREAT, mode)

    def open(self, path, flags):
        return os.open(NOW + path, os.O_RDWR | flags & os.O_TRUNC)

    def read(self, path, size, offset, handle):
        return os.pread(handle, size, offset)

    def write(self, path, data, offset, handle):
        dirty.add(path)
        return os.pwrite(handle, data, offset)

    def truncate(self, path, size, handle=None):
        dirty.add(path)
        os.truncate(NOW + path, size)

    def release(self, path, handle):
        os.close(handle)
        return 0

    def chmod(self, path, mode):
        os.chmod(NOW + path, mode)

    def chown(self, path, user, group):
        os.chown(NOW + path, user, group)

    def utimens(self, path, times=None):
        os.utime(NOW + path, times)

    def mkdir(self, path, mode):
        os.mkdir(NOW + path, mode)
        os.makedirs(DISK + path, exist_ok=True)

    def rmdir(self, path):
        os.rmdir(NOW + path)
        shutil.rmtree(DISK + path, ignore_errors=True)

    def unlink(self, path):
        os.unlink(NOW + path)
        names.add(path)
        dirty.discard(path)

    def rename(self, old, new):
        os.rename(NOW + old, NOW + new)
        names.update((old, new))
        if old in dirty:
            dirty.add(new)
        dirty.discard(old)

    def fsync(self, path, only_data, handle):
        os.makedirs(os.path.dirname(DISK + path), exist_ok=True)
        shutil.copy2(NOW + path, DISK + path)
        dirty.discard(path)
        return 0

    def fsyncdir(self, path, only_data, handle):
        for name in [it for it in names if os.path.dirname(it) == (path.rstrip("/") or "/")]:
            if not os.path.exists(NOW + name) and os.path.exists(DISK + name):
                os.unlink(DISK + name)
            elif os.path.exists(NOW + name) and not os.path.exists(DISK + name):
                shutil.copy2(NOW + name, DISK + name)
            names.discard(name)
        return 0


def cut(*_):
    unsynced = len(dirty)
    dirty.clear()
    names.clear()
    for name in os.listdir(NOW):
        path = os.path.join(NOW, name)
        shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
    shutil.copytree(DISK, NOW, dirs_exist_ok=True)
    print("cut", unsynced, "files were not synced", flush=True)


signal.signal(signal.SIGUSR1, cut)
FUSE(Lazy(), MOUNT, foreground=True, nothreads=True, allow_other=True)
