#!/usr/bin/env python3
"""Checks the entries of an audit ledger export against the root hash of its checkpoint (RFC 9162, section 2.1).

Run it in the folder of the export: python3 verify.py
It does not check the signature of the checkpoint; README.txt says how openssl does.
"""
import base64
import hashlib
import json
import os
import sys

WRAPPED = b'{"base64":"'


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def entries():
    with open("entries.ndjson", "rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.endswith(b"\n"):
                sys.exit(f"FAILED: line {number} of entries.ndjson is cut off")
            line = line[:-1]
            if line.startswith(WRAPPED):
                line = base64.b64decode(json.loads(line)["base64"], validate=True)
            yield line


def leaves():
    for entry in entries():
        yield hashlib.sha256(b"\x00" + entry).digest()


def root_of_all():
    """Merges equal subtrees as they fill up, so that a log of any size takes little memory."""
    stack = []
    count = 0
    for leaf in leaves():
        subtree = 1
        while stack and stack[-1][0] == subtree:
            leaf = node(stack.pop()[1], leaf)
            subtree *= 2
        stack.append((subtree, leaf))
        count += 1
    root = stack.pop()[1] if stack else hashlib.sha256(b"").digest()
    while stack:
        root = node(stack.pop()[1], root)
    return count, root


def root_from_proof(leaf, index, size, path):
    """RFC 9162, section 2.1.3.2."""
    at, last = index, size - 1
    for sibling in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            leaf = node(sibling, leaf)
            while at and not at & 1:
                at >>= 1
                last >>= 1
        else:
            leaf = node(leaf, sibling)
        at >>= 1
        last >>= 1
    return leaf if last == 0 else None


def main():
    with open("checkpoint", encoding="utf-8") as file:
        text = file.read().split("\n")
    size, root = int(text[1]), base64.b64decode(text[2], validate=True)
    if not os.path.exists("proofs.ndjson"):
        count, found = root_of_all()
        if count != size:
            sys.exit(f"FAILED: the checkpoint covers {size} entries, entries.ndjson has {count}")
        if found != root:
            sys.exit("FAILED: the entries do not have the root hash of the checkpoint")
        print(f"OK: {count} entries, the whole log")
        return
    found = list(leaves())
    with open("proofs.ndjson", encoding="ascii") as file:
        proofs = [json.loads(line) for line in file]
    if len(found) != len(proofs):
        sys.exit(f"FAILED: {len(found)} entries, but {len(proofs)} proofs")
    for number, (leaf, proof) in enumerate(zip(found, proofs), 1):
        index = proof["index"]
        path = [base64.b64decode(text, validate=True) for text in proof["hashes"]]
        if proof["treeSize"] != size or not 0 <= index < size or index != proofs[0]["index"] + number - 1:
            sys.exit(f"FAILED: the proof in line {number} is not of entry {index} in this log")
        if root_from_proof(leaf, index, size, path) != root:
            sys.exit(f"FAILED: entry {index} (line {number}) is not the one in the log")
    print(f"OK: {len(found)} entries of {size}, from entry {proofs[0]['index'] if proofs else 0}")


main()
