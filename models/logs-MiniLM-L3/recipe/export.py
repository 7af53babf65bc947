"""Exports what finetune.py trained to int8 ONNX, in the layout of the Hugging Face hub.

Usage: python export.py TRAINED_DIR MINILM_DIR OUT_DIR

MINILM_DIR is the original that was tuned; its tokenizer is taken. Prints how near the quantised vectors are to those of the
trained weights.
"""

import hashlib
import json
import pathlib
import shutil
import sys
import tempfile

import graph
import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModel, AutoTokenizer

TUNED_FROM = "all-MiniLM-L6-v2"
MAX_TOKENS = 64
SAMPLE = [
    "connection to ip address refused after 0 attempts",
    "Failed password for invalid user value from ip address port 0 ssh0",
    "ORA-00060: deadlock detected while waiting for resource",
    "Out of memory: Killed process 0 (java) total-vm:0kB",
    "Backup finished, 0 files in 0 s",
]


def main(trained: pathlib.Path, minilm: pathlib.Path, out: pathlib.Path) -> None:
    encoder = AutoModel.from_pretrained(trained, attn_implementation="eager").eval()
    quantised = out / "onnx" / "model_quantized.onnx"
    quantised.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        fp32 = pathlib.Path(scratch) / "model.onnx"
        onnx.save(graph.build(encoder, MAX_TOKENS), fp32)
        # Without reduce_range, CPUs that lack VNNI saturate in int8 products.
        quantize_dynamic(
            fp32,
            quantised,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},  # which it cannot infer behind graph.OWN_DOMAIN
        )
        print(f"fp32: cosine to the trained weights: {cosines(encoder, minilm, fp32)}")
    config = json.loads((minilm / "config.json").read_text()) | {
        "_name_or_path": f"sentence-transformers/{TUNED_FROM}",
        "num_hidden_layers": encoder.config.num_hidden_layers,
        "max_position_embeddings": MAX_TOKENS,
        "tuned_from": TUNED_FROM,
    }
    write_json(out / "config.json", config)
    write_json(out / "sentence_bert_config.json", {"max_seq_length": MAX_TOKENS, "do_lower_case": False})
    for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"):
        shutil.copyfile(minilm / name, out / name)
    print(f"{quantised}: {quantised.stat().st_size} bytes, sha256 {hashlib.sha256(quantised.read_bytes()).hexdigest()}")
    print(f"int8: cosine to the trained weights: {cosines(encoder, minilm, quantised)}")


def write_json(path: pathlib.Path, content: dict) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n")


def cosines(encoder, minilm: pathlib.Path, exported: pathlib.Path) -> list[float]:
    tokenizer = AutoTokenizer.from_pretrained(minilm)
    session = onnxruntime.InferenceSession(str(exported), providers=["CPUExecutionProvider"])
    found = []
    for text in SAMPLE:
        ids = tokenizer(text, truncation=True, max_length=MAX_TOKENS)["input_ids"]
        with torch.inference_mode():
            exact = encoder(torch.tensor([ids])).last_hidden_state[0].mean(0).numpy()
        rough = session.run(None, {graph.INPUT: np.array([ids], np.int64)})[0][0]
        found.append(round(float(exact @ rough / np.linalg.norm(exact) / np.linalg.norm(rough)), 6))
    return found


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*map(pathlib.Path, sys.argv[1:]))
