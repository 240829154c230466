package net.culvert.node.forwarding;

import java.util.Arrays;

/**
 * Prefixes of one family, flattened into disjoint ranges that are sorted by where they begin: the
 * longest match is the last range that begins at or before the address.
 *
 * <p>Addresses are 128 bits, aligned to the left (IPv4 in the upper 32), compared as unsigned
 * numbers. All range starts but the first share their leading bits; the bits after those choose a
 * bucket, and a binary search goes on inside it, so that a lookup costs a few cache lines whatever
 * the number of prefixes.
 */
final class RangeTable {

  /** The owner of a range that no prefix covers. */
  static final int NOBODY = -1;

  private static final int MAX_INDEX_BITS = 20;

  private final long[] highs;
  private final long[] lows;
  private final int[] owners;
  private final int commonBits;
  private final int indexBits;

  /** For each value of the index bits, the first range whose own index bits are not below it. */
  private final int[] index;

  private RangeTable(long[] highs, long[] lows, int[] owners) {
    this.highs = highs;
    this.lows = lows;
    this.owners = owners;
    int last = highs.length - 1;
    if (last < 1) {
      commonBits = 0;
      indexBits = 0;
      index = new int[] {1, 1};
      return;
    }
    commonBits = Math.min(127, commonBits(highs[1], lows[1], highs[last], lows[last]));
    indexBits =
        Math.min(
            MAX_INDEX_BITS, Math.min(128 - commonBits, 33 - Integer.numberOfLeadingZeros(last)));
    index = new int[(1 << indexBits) + 1];
    int range = 1;
    for (int bucket = 0; bucket < index.length; bucket++) {
      while (range <= last && bucket(highs[range], lows[range]) < bucket) {
        range++;
      }
      index[bucket] = range;
    }
  }

  /** Looks up an address whose lower half is zero, as every IPv4 address is here. */
  int find(long high) {
    int last = highs.length - 1;
    if (last < 1 || Long.compareUnsigned(high, highs[1]) < 0) {
      return owners[0];
    }
    if (Long.compareUnsigned(high, highs[last]) >= 0) {
      return owners[last];
    }
    int bucket = bucket(high, 0);
    int from = index[bucket] - 1;
    int to = index[bucket + 1] - 1;
    while (from < to) {
      int middle = (from + to + 1) >>> 1;
      if (Long.compareUnsigned(highs[middle], high) <= 0) {
        from = middle;
      } else {
        to = middle - 1;
      }
    }
    return owners[from];
  }

  int find(long high, long low) {
    int last = highs.length - 1;
    if (last < 1 || compare(high, low, highs[1], lows[1]) < 0) {
      return owners[0];
    }
    if (compare(high, low, highs[last], lows[last]) >= 0) {
      return owners[last];
    }
    int bucket = bucket(high, low);
    int from = index[bucket] - 1;
    int to = index[bucket + 1] - 1;
    while (from < to) {
      int middle = (from + to + 1) >>> 1;
      if (compare(highs[middle], lows[middle], high, low) <= 0) {
        from = middle;
      } else {
        to = middle - 1;
      }
    }
    return owners[from];
  }

  /** The index bits of an address between the second and the last start. */
  private int bucket(long high, long low) {
    long top;
    if (commonBits == 0) {
      top = high;
    } else if (commonBits < 64) {
      top = high << commonBits | low >>> (64 - commonBits);
    } else {
      top = low << (commonBits - 64);
    }
    return indexBits == 0 ? 0 : (int) (top >>> (64 - indexBits));
  }

  private static int commonBits(long high1, long low1, long high2, long low2) {
    return high1 != high2
        ? Long.numberOfLeadingZeros(high1 ^ high2)
        : 64 + Long.numberOfLeadingZeros(low1 ^ low2);
  }

  private static int compare(long high1, long low1, long high2, long low2) {
    int order = Long.compareUnsigned(high1, high2);
    return order != 0 ? order : Long.compareUnsigned(low1, low2);
  }

  /** Prefixes in the order they were given, in primitive arrays: there may be a million. */
  static final class Builder {

    private long[] highs = new long[16];
    private long[] lows = new long[16];
    private byte[] lengths = new byte[16];
    private int[] owners = new int[16];
    private int size;
    private int distinct;

    private long[] outHighs = new long[0];
    private long[] outLows = new long[0];
    private int[] outOwners = new int[0];
    private int outSize;

    void add(long high, long low, int length, int owner) {
      if (size == highs.length) {
        int capacity = size * 2;
        highs = Arrays.copyOf(highs, capacity);
        lows = Arrays.copyOf(lows, capacity);
        lengths = Arrays.copyOf(lengths, capacity);
        owners = Arrays.copyOf(owners, capacity);
      }
      highs[size] = high;
      lows[size] = low;
      lengths[size] = (byte) length;
      owners[size] = owner;
      size++;
    }

    /** 0 to 128, which a signed byte does not hold. */
    private int length(int prefix) {
      return lengths[prefix] & 0xff;
    }

    /** Number of different prefixes in the table that was built last. */
    int distinct() {
      return distinct;
    }

    RangeTable build() {
      int[] order = sorted();
      outHighs = new long[2 * size + 1];
      outLows = new long[2 * size + 1];
      outOwners = new int[2 * size + 1];
      outSize = 0;
      distinct = 0;
      emit(0, 0, NOBODY);
      int[] enclosing = new int[130];
      int depth = 0;
      for (int i = 0; i < size; i++) {
        int prefix = order[i];
        if (i + 1 < size && samePrefix(prefix, order[i + 1])) {
          continue; // The sort is stable: the one given last comes last, and it counts.
        }
        distinct++;
        while (depth > 0 && !contains(enclosing[depth - 1], prefix)) {
          depth--;
          emitAfter(enclosing[depth], depth > 0 ? owners[enclosing[depth - 1]] : NOBODY);
        }
        emit(highs[prefix], lows[prefix], owners[prefix]);
        enclosing[depth++] = prefix;
      }
      while (depth > 0) {
        depth--;
        emitAfter(enclosing[depth], depth > 0 ? owners[enclosing[depth - 1]] : NOBODY);
      }
      return new RangeTable(
          Arrays.copyOf(outHighs, outSize),
          Arrays.copyOf(outLows, outSize),
          Arrays.copyOf(outOwners, outSize));
    }

    private void emit(long high, long low, int owner) {
      if (outSize > 0 && outHighs[outSize - 1] == high && outLows[outSize - 1] == low) {
        outOwners[outSize - 1] = owner;
        if (outSize > 1 && outOwners[outSize - 2] == owner) {
          outSize--;
        }
        return;
      }
      if (outSize > 0 && outOwners[outSize - 1] == owner) {
        return;
      }
      outHighs[outSize] = high;
      outLows[outSize] = low;
      outOwners[outSize] = owner;
      outSize++;
    }

    /** Begins a range right after a prefix ends, unless it ends where the address space does. */
    private void emitAfter(int prefix, int owner) {
      int length = length(prefix);
      if (length == 0) {
        return;
      }
      long high = highs[prefix];
      long low = lows[prefix];
      if (length <= 64) {
        high += 1L << (64 - length);
        if (high == 0) {
          return;
        }
      } else {
        low += 1L << (128 - length);
        if (low == 0 && ++high == 0) {
          return;
        }
      }
      emit(high, low, owner);
    }

    private boolean contains(int outer, int inner) {
      int length = length(outer);
      return length == 0
          || commonBits(highs[outer], lows[outer], highs[inner], lows[inner]) >= length;
    }

    private boolean samePrefix(int a, int b) {
      return highs[a] == highs[b] && lows[a] == lows[b] && lengths[a] == lengths[b];
    }

    private int order(int a, int b) {
      int order = compare(highs[a], lows[a], highs[b], lows[b]);
      return order != 0 ? order : length(a) - length(b);
    }

    /** Indices by address, shorter prefix first; a stable merge sort without boxing. */
    private int[] sorted() {
      int[] from = new int[size];
      for (int i = 0; i < size; i++) {
        from[i] = i;
      }
      int[] to = new int[size];
      for (long width = 1; width < size; width *= 2) {
        for (long start = 0; start < size; start += 2 * width) {
          merge(
              from,
              to,
              (int) start,
              (int) Math.min(start + width, size),
              (int) Math.min(start + 2 * width, size));
        }
        int[] swap = from;
        from = to;
        to = swap;
      }
      return from;
    }

    private void merge(int[] from, int[] to, int start, int middle, int end) {
      int left = start;
      int right = middle;
      for (int i = start; i < end; i++) {
        boolean takeLeft = left < middle && (right >= end || order(from[left], from[right]) <= 0);
        to[i] = takeLeft ? from[left++] : from[right++];
      }
    }
  }
}
