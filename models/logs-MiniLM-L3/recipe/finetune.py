"""Tunes MiniLM on labelled log text, then teaches what it learned, and what n-grams know, to a copy with half of its layers.

Usage: python finetune.py MINILM_DIR WORK_DIR OUT_DIR

MINILM_DIR holds the original's config.json, model.safetensors and tokenizer files. WORK_DIR holds what texts.js wrote:
labelled.tsv, unlabelled.txt and lexical.f32, and receives teacher/ and teacher.npy, which a second run takes as they are.
OUT_DIR receives the student in the layout of the Hugging Face hub.
"""

import csv
import math
import pathlib
import random
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from transformers import AutoModel, AutoTokenizer

SEED = 0
THREADS = 2
MAX_TOKENS = 64
BATCH = 64
# Unit vectors are too short for a softmax over 21 labels.
SCALE = 16
TOKEN_DROPOUT = 0.08
LABEL_SMOOTHING = 0.1
# Of the student: evenly spread over the teacher's six.
LAYERS = [0, 2, 5]
TEACHER = {"epochs": 4, "rate": 2e-4, "head_rate": 20}
STUDENT = {"epochs": 4, "rate": 2e-4, "head_rate": 10}
UNLABELLED_PER_EPOCH = 40_000
# What the tuned encoder counts in the answer that the student learns; n-grams count the rest.
TEACHER_SHARE = 0.6


class Classifier(nn.Module):
    """Encoder, mean over tokens, L2 norm, linear head."""

    def __init__(self, directory: pathlib.Path, labels: int) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(directory, attn_implementation="sdpa")
        self.encoder.pooler = None
        self.head = nn.Linear(self.encoder.config.hidden_size, labels)

    def forward(self, ids, mask, dropout=0.0):
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return self.head(F.dropout(F.normalize(mean, dim=-1), dropout) * SCALE)


def main(minilm: pathlib.Path, work: pathlib.Path, out: pathlib.Path) -> None:
    torch.set_num_threads(THREADS)
    seed_all()
    tokenizer = AutoTokenizer.from_pretrained(minilm)
    labels, fitted, held_out = read_labelled(work / "labelled.tsv")
    tokens = lambda texts: tokenizer(texts, truncation=True, max_length=MAX_TOKENS)["input_ids"]
    ids = tokens([text for text, _, _ in fitted])
    target = F.one_hot(torch.tensor([label for _, label, _ in fitted]), len(labels)).float()
    target = target * (1 - LABEL_SMOOTHING) + LABEL_SMOOTHING / len(labels)
    weight = balanced(fitted, len(labels))
    check = (tokens([text for text, _, _ in held_out]), np.array([label for _, label, _ in held_out]))

    if not (work / "teacher").exists():
        teacher = Classifier(minilm, len(labels))
        fit(teacher, ids, target, weight, lambda: np.arange(len(ids)), TEACHER | {"rows": len(ids)}, check)
        save(teacher, tokenizer, work / "teacher")
    teacher = load(work / "teacher", len(labels))

    unlabelled = tokens((work / "unlabelled.txt").read_text().rstrip("\n").split("\n"))
    if not (work / "teacher.npy").exists():
        np.save(work / "teacher.npy", predict(teacher, unlabelled))
    lexical = np.fromfile(work / "lexical.f32", dtype=np.float32).reshape(-1, len(labels))
    answers = TEACHER_SHARE * np.load(work / "teacher.npy") + (1 - TEACHER_SHARE) * softmax(lexical)

    seed_all()
    student = load(work / "teacher", len(labels))
    student.encoder.encoder.layer = nn.ModuleList([student.encoder.encoder.layer[k] for k in LAYERS])
    student.encoder.config.num_hidden_layers = len(LAYERS)
    rest = np.array([], dtype=int)

    def rows() -> np.ndarray:
        nonlocal rest
        if len(rest) < UNLABELLED_PER_EPOCH:
            rest = np.random.permutation(len(unlabelled)) + len(ids)
        taken, rest = rest[:UNLABELLED_PER_EPOCH], rest[UNLABELLED_PER_EPOCH:]
        return np.concatenate([np.arange(len(ids)), taken])

    all_targets = torch.cat([target, torch.tensor(answers, dtype=torch.float32)])
    all_weights = torch.cat([weight, torch.ones(len(unlabelled))])
    fit(student, ids + unlabelled, all_targets, all_weights, rows, STUDENT | {"rows": len(ids) + UNLABELLED_PER_EPOCH}, check)
    save(student, tokenizer, out)


def seed_all() -> None:
    torch.manual_seed(SEED)
    random.seed(SEED)
    np.random.seed(SEED)


def read_labelled(path: pathlib.Path):
    """Label names, then rows (text, label, weight) to fit on, a text and label once, and rows held out."""
    with path.open(newline="") as file:
        records = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    labels = sorted({record["label"] for record in records})
    fitted: dict[tuple[str, int], float] = {}
    held_out = []
    for record in records:
        key = (record["text"], labels.index(record["label"]))
        if record["held_out"] == "1":
            held_out.append((*key, 1.0))
        else:
            fitted[key] = max(fitted.get(key, 0.0), float(record["weight"]))
    return labels, [(*key, weight) for key, weight in fitted.items()], held_out


def balanced(rows, labels: int) -> torch.Tensor:
    """Row weights times the root of the inverse frequency of the label."""
    label = np.array([label for _, label, _ in rows])
    weight = np.array([weight for _, _, weight in rows])
    count = np.bincount(label, weights=weight, minlength=labels)
    return torch.tensor(weight * ((count.sum() / labels / count) ** 0.5)[label], dtype=torch.float32)


def fit(model: Classifier, ids, target, weight, rows, settings, check) -> None:
    """`rows` gives the rows of an epoch; cross entropy against `target`, shape [rows, labels]."""
    steps = math.ceil(settings["rows"] / BATCH) * settings["epochs"]
    rate = settings["rate"]
    groups = [
        {"params": model.encoder.parameters(), "lr": rate},
        {"params": model.head.parameters(), "lr": rate * settings["head_rate"]},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    warm = 0.06 * steps
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1, step / warm) * max(0, 1 - step / steps))
    for epoch in range(settings["epochs"]):
        start = time.time()
        model.train()
        for batch in batches(np.random.permutation(rows()), ids):
            x, mask = pad([ids[row] for row in batch], TOKEN_DROPOUT)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = model(x, mask, dropout=0.1)
            loss = -(target[batch] * F.log_softmax(scores.float(), -1)).sum(-1)
            optimizer.zero_grad()
            (loss * weight[batch]).mean().backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        accuracy = (predict(model, check[0]).argmax(1) == check[1]).mean()
        print(f"epoch {epoch}: {time.time() - start:.0f} s, held-out accuracy {accuracy:.3f}", flush=True)


def batches(order, ids) -> list[list[int]]:
    """Batches of similar lengths, in random order."""
    found = []
    for start in range(0, len(order), BATCH * 20):
        bucket = sorted(order[start : start + BATCH * 20], key=lambda row: len(ids[row]))
        found += [bucket[k : k + BATCH] for k in range(0, len(bucket), BATCH)]
    random.shuffle(found)
    return found


def pad(rows, dropout: float = 0.0):
    """Ids and mask; with `dropout`, tokens between the first and the last are left out at random."""
    if dropout > 0:
        rows = [[t for k, t in enumerate(row) if k in (0, len(row) - 1) or random.random() >= dropout] for row in rows]
    width = max(map(len, rows))
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    mask = torch.zeros(len(rows), width, dtype=torch.long)
    for k, row in enumerate(rows):
        ids[k, : len(row)] = torch.tensor(row)
        mask[k, : len(row)] = 1
    return ids, mask


def predict(model: Classifier, ids) -> np.ndarray:
    """Probabilities, shape [texts, labels]."""
    model.eval()
    order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
    found = np.zeros((len(ids), model.head.out_features), dtype=np.float32)
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for start in range(0, len(order), 128):
            batch = order[start : start + 128]
            found[batch] = model(*pad([ids[row] for row in batch])).float().softmax(-1).numpy()
    return found


def softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def save(model: Classifier, tokenizer, directory: pathlib.Path) -> None:
    model.encoder.save_pretrained(directory)
    tokenizer.save_pretrained(directory)
    torch.save(model.head.state_dict(), directory / "head.pt")


def load(directory: pathlib.Path, labels: int) -> Classifier:
    model = Classifier(directory, labels)
    model.head.load_state_dict(torch.load(directory / "head.pt"))
    return model


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*map(pathlib.Path, sys.argv[1:]))
