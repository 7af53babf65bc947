"""Vectors of a BERT-family encoder's folder by Python's tokenizers and onnxruntime, for encoder-parity.js.

Reads a JSON array of texts, writes {versions, ids, vectors}: token ids of each text and, in base64, float32 of shape
[texts, dim], each text run alone, of L2 norm 1.
Usage: python encoder_reference.py FOLDER < texts.json
"""

import base64
import json
import pathlib
import sys

import numpy as np
import onnxruntime
import tokenizers

folder = pathlib.Path(sys.argv[1])
read = lambda name: json.loads((folder / name).read_text())  # noqa: E731
max_tokens = read("sentence_bert_config.json")["max_seq_length"]
pooling = read("1_Pooling/config.json")
tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
tokenizer.enable_truncation(max_tokens)
tokenizer.no_padding()
session = onnxruntime.InferenceSession(str(folder / "onnx/model_quantized.onnx"), providers=["CPUExecutionProvider"])


def embed(ids: list[int]) -> np.ndarray:
    row = np.array([ids], np.int64)
    feeds = {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)}
    names = {node.name for node in session.get_inputs()}
    hidden = session.run(None, {name: feeds[name] for name in names})[0][0].astype(np.float64)
    if pooling.get("pooling_mode_cls_token"):
        pooled = hidden[0]
    elif pooling.get("pooling_mode_max_tokens"):
        pooled = hidden.max(axis=0)
    else:
        pooled = hidden.mean(axis=0)
    return (pooled / np.linalg.norm(pooled)).astype("<f4")


ids = [tokenizer.encode(text).ids for text in json.load(sys.stdin)]
vectors = np.stack([embed(row) for row in ids])
json.dump(
    {
        "versions": f"onnxruntime {onnxruntime.__version__}, tokenizers {tokenizers.__version__}",
        "ids": ids,
        "vectors": base64.b64encode(vectors.tobytes()).decode(),
    },
    sys.stdout,
)
