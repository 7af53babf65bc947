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

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModel, AutoTokenizer

TUNED_FROM = "all-MiniLM-L6-v2"
INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
OUTPUT = "last_hidden_state"
MAX_TOKENS = 64
SAMPLE = [
    "connection to ip address refused after 0 attempts",
    "Failed password for invalid user value from ip address port 0 ssh0",
    "ORA-00060: deadlock detected while waiting for resource",
    "Out of memory: Killed process 0 (java) total-vm:0kB",
    "Backup finished, 0 files in 0 s",
]


class LastHiddenState(torch.nn.Module):
    """The encoder with tensors in and one tensor out."""

    def __init__(self, encoder: torch.nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state


def main(trained: pathlib.Path, minilm: pathlib.Path, out: pathlib.Path) -> None:
    encoder = LastHiddenState(AutoModel.from_pretrained(trained, attn_implementation="eager")).eval()
    quantised = out / "onnx" / "model_quantized.onnx"
    quantised.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        fp32 = pathlib.Path(scratch) / "model.onnx"
        export_fp32(encoder, fp32)
        # Without reduce_range, CPUs that lack VNNI saturate in int8 products.
        quantize_dynamic(fp32, quantised, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    config = json.loads((minilm / "config.json").read_text()) | {
        "_name_or_path": f"sentence-transformers/{TUNED_FROM}",
        "num_hidden_layers": encoder.encoder.config.num_hidden_layers,
        "tuned_from": TUNED_FROM,
    }
    write_json(out / "config.json", config)
    write_json(out / "sentence_bert_config.json", {"max_seq_length": MAX_TOKENS, "do_lower_case": False})
    for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"):
        shutil.copyfile(minilm / name, out / name)
    print(f"{quantised}: {quantised.stat().st_size} bytes, sha256 {hashlib.sha256(quantised.read_bytes()).hexdigest()}")
    print(f"cosine to the trained weights: {cosines(encoder, minilm, quantised)}")


def write_json(path: pathlib.Path, content: dict) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n")


def export_fp32(encoder: LastHiddenState, path: pathlib.Path) -> None:
    """Batch and sequence stay dynamic; eager attention exports to plain operators."""
    ids = torch.randint(1000, 2000, (2, 9))
    mask = torch.ones_like(ids)
    mask[1, 6:] = 0
    torch.onnx.export(
        encoder,
        (ids, mask, torch.zeros_like(ids)),
        str(path),
        input_names=INPUTS,
        output_names=[OUTPUT],
        dynamic_axes={name: {0: "batch", 1: "sequence"} for name in [*INPUTS, OUTPUT]},
        opset_version=14,
        dynamo=False,
    )


def cosines(encoder: LastHiddenState, minilm: pathlib.Path, quantised: pathlib.Path) -> list[float]:
    tokenizer = AutoTokenizer.from_pretrained(minilm)
    session = onnxruntime.InferenceSession(str(quantised), providers=["CPUExecutionProvider"])
    found = []
    for text in SAMPLE:
        ids = np.array([tokenizer(text, truncation=True, max_length=MAX_TOKENS)["input_ids"]], dtype=np.int64)
        inputs = dict(zip(INPUTS, (ids, np.ones_like(ids), np.zeros_like(ids))))
        with torch.inference_mode():
            exact = encoder(**{name: torch.tensor(value) for name, value in inputs.items()}).numpy()[0].mean(0)
        rough = session.run(None, inputs)[0][0].mean(0)
        found.append(round(float(exact @ rough / np.linalg.norm(exact) / np.linalg.norm(rough)), 4))
    return found


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*map(pathlib.Path, sys.argv[1:]))
