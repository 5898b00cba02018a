// The network as an ONNX file (opset 13), written field by field: github.com/onnx/onnx, onnx/onnx.proto.

const FLOAT = 1;
const INT64 = 7;

const varint = (value) => {
  const bytes = [];
  let rest = BigInt(value);
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
};
const number = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);
const bytes = (field, value) => {
  const body = Buffer.isBuffer(value) ? value : Buffer.from(value);
  return Buffer.concat([varint((field << 3) | 2), varint(body.length), body]);
};
const message = (field, ...parts) => bytes(field, Buffer.concat(parts));

const tensor = (name, type, dims, data) =>
  Buffer.concat([
    ...dims.map((dim) => number(1, dim)),
    number(2, type),
    bytes(8, name),
    bytes(9, Buffer.from(data.buffer, data.byteOffset, data.byteLength)),
  ]);
const ints = (name, values) =>
  Buffer.concat([bytes(1, name), ...values.map((value) => number(8, value)), number(20, 7)]);
const int = (name, value) => Buffer.concat([bytes(1, name), number(3, value), number(20, 2)]);
const node = (type, inputs, output, ...attributes) =>
  message(
    1,
    ...inputs.map((input) => bytes(1, input)),
    bytes(2, output),
    bytes(3, output),
    bytes(4, type),
    ...attributes.map((attribute) => bytes(5, attribute)),
  );
const value = (field, name, type, dims) =>
  message(
    field,
    bytes(1, name),
    message(
      2,
      message(
        1,
        number(1, type),
        message(2, ...dims.map((dim) => message(1, typeof dim === 'number' ? number(1, dim) : bytes(2, dim)))),
      ),
    ),
  );

/** `kernel` is [filters][3][dim] in the network and [filters][dim][3] in ONNX. */
export function toOnnx({ vocab, dim, filters, embedding, kernel, kernelBias, out, outBias }) {
  const turned = new Float32Array(kernel.length);
  for (let f = 0; f < filters; f++)
    for (let w = 0; w < 3; w++)
      for (let d = 0; d < dim; d++) turned[(f * dim + d) * 3 + w] = kernel[(f * 3 + w) * dim + d];
  const graph = Buffer.concat([
    node('Gather', ['embedding', 'input_ids'], 'vectors', int('axis', 0)),
    node('Cast', ['attention_mask'], 'mask', int('to', FLOAT)),
    node('Unsqueeze', ['mask', 'axis1'], 'maskRow'),
    node('Unsqueeze', ['mask', 'axis2'], 'maskColumn'),
    node('Mul', ['vectors', 'maskColumn'], 'words'),
    node('Transpose', ['words'], 'channels', ints('perm', [0, 2, 1])),
    node('Conv', ['channels', 'kernel', 'kernelBias'], 'filtered', ints('kernel_shape', [3]), ints('pads', [1, 1])),
    node('Relu', ['filtered'], 'rectified'),
    node('Mul', ['rectified', 'maskRow'], 'heard'),
    node('ReduceMax', ['heard'], 'strongest', ints('axes', [2]), int('keepdims', 0)),
    node('ReduceSum', ['heard', 'axis2'], 'total', int('keepdims', 0)),
    node('ReduceSum', ['mask', 'axis1'], 'length', int('keepdims', 1)),
    node('Max', ['length', 'one'], 'atLeastOne'),
    node('Div', ['total', 'atLeastOne'], 'mean'),
    node('Concat', ['strongest', 'mean'], 'pooled', int('axis', 1)),
    node('Gemm', ['pooled', 'out', 'outBias'], 'logits', int('transB', 1)),
    bytes(2, 'headlines'),
    message(5, tensor('embedding', FLOAT, [vocab, dim], embedding)),
    message(5, tensor('kernel', FLOAT, [filters, dim, 3], turned)),
    message(5, tensor('kernelBias', FLOAT, [filters], kernelBias)),
    message(5, tensor('out', FLOAT, [3, 2 * filters], out)),
    message(5, tensor('outBias', FLOAT, [3], outBias)),
    message(5, tensor('one', FLOAT, [1], new Float32Array([1]))),
    message(5, tensor('axis1', INT64, [1], new BigInt64Array([1n]))),
    message(5, tensor('axis2', INT64, [1], new BigInt64Array([2n]))),
    value(11, 'input_ids', INT64, ['batch', 'length']),
    value(11, 'attention_mask', INT64, ['batch', 'length']),
    value(12, 'logits', FLOAT, ['batch', 3]),
  ]);
  return Buffer.concat([number(1, 8), bytes(2, 'arbintel'), bytes(7, graph), message(8, bytes(1, ''), number(2, 13))]);
}
