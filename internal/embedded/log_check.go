package embedded

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A segment file is record batches, one after the other, in Kafka's own form: base offset (8 bytes), length of what
// follows (4), leader epoch (4), magic (1), CRC-32C (4) of the rest.
const (
	batchHead      = 12 // up to and including the length
	batchCRC       = 17
	batchBody      = 21 // what the CRC covers
	batchLastDelta = 23 // offset of the batch's last record, less its base offset
	batchMinLen    = 61
)

// repairTornTails looks at every batch under partitions. kfake would drop a bad batch and all that follows it in the
// segment, wherever it is; here only what a crash in the middle of a write can leave is cut off: an unfinished batch at the
// very end of a partition's last segment. Anything else is an error, while the records are still there to be saved.
func repairTornTails(ctx context.Context, partitions string, logger *slog.Logger) error {
	dirs, err := os.ReadDir(partitions)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("listing partitions: %w", err)
	}
	for _, dir := range dirs {
		segments, err := segmentFiles(filepath.Join(partitions, dir.Name()))
		if err != nil {
			return err
		}
		for i, segment := range segments {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("checking the log: %w", err)
			}
			good, torn, err := checkSegment(segment)
			if err != nil {
				return err
			}
			if torn == 0 {
				continue
			}
			if i != len(segments)-1 {
				return damaged(segment, good)
			}
			logger.Warn("cutting an unfinished batch off the log", "segment", segment, "at", good, "bytes", torn)
			if err := truncate(segment, good); err != nil {
				return fmt.Errorf("cutting off an unfinished batch: %w", err)
			}
		}
	}
	return nil
}

// segmentFiles returns the segments of a partition in the order of their offsets.
func segmentFiles(dir string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.dat"))
	if err != nil {
		return nil, fmt.Errorf("listing segments: %w", err)
	}
	base := func(path string) int64 {
		offset, err := strconv.ParseInt(strings.TrimSuffix(filepath.Base(path), ".dat"), 10, 64)
		if err != nil {
			return -1 // not a segment; kfake passes over it, and so does the check of its batches below
		}
		return offset
	}
	files = slices.DeleteFunc(files, func(path string) bool { return base(path) < 0 })
	slices.SortFunc(files, func(a, b string) int { return int(base(a) - base(b)) })
	return files, nil
}

// checkSegment returns how many bytes of whole batches a segment begins with and how many bytes of an unfinished one
// follow. It is an error if what follows cannot be just that.
func checkSegment(path string) (good, torn int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, 0, fmt.Errorf("opening a segment: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, 0, fmt.Errorf("opening a segment: %w", err)
	}
	size := info.Size()
	r := bufio.NewReaderSize(f, 1<<20)
	batch := make([]byte, batchMinLen)
	var next int64 // the lowest offset that the next batch may begin with; the CRC does not cover it
	for good < size {
		left := size - good
		if left < batchMinLen {
			return good, left, nil
		}
		if _, err := io.ReadFull(r, batch[:batchHead]); err != nil {
			return 0, 0, fmt.Errorf("reading %s: %w", path, err)
		}
		length := batchHead + int64(int32(binary.BigEndian.Uint32(batch[8:])))
		if length > left || length < batchMinLen {
			if left > batchHead+maxBatchBytes {
				return 0, 0, damaged(path, good)
			}
			return good, left, nil
		}
		batch = slices.Grow(batch[:batchHead], int(length)-batchHead)[:length]
		if _, err := io.ReadFull(r, batch[batchHead:]); err != nil {
			return 0, 0, fmt.Errorf("reading %s: %w", path, err)
		}
		if crc32.Checksum(batch[batchBody:], castagnoli) != binary.BigEndian.Uint32(batch[batchCRC:]) {
			if length < left {
				return 0, 0, damaged(path, good)
			}
			return good, left, nil
		}
		base := int64(binary.BigEndian.Uint64(batch))
		if base < next {
			return 0, 0, damaged(path, good)
		}
		next = base + int64(binary.BigEndian.Uint32(batch[batchLastDelta:])) + 1
		good += length
	}
	return good, 0, nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func damaged(segment string, at int64) error {
	return fmt.Errorf("segment %s is damaged at byte %d: restore it from a copy, or move the log's directory away to begin a new log", segment, at)
}

func truncate(path string, size int64) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Truncate(size); err != nil {
		return err
	}
	return f.Sync()
}
