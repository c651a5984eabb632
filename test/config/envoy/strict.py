"""Holds configurations against Envoy's own protobuf schema, as strictly as Envoy itself: no unknown field, no wrong type, no
value outside of the schema's rules (protoc-gen-validate).

Usage: strict.py DESCRIPTORS MESSAGE FILE [MESSAGE FILE ...]; says what is wrong line by line, exit code 1.
"""
import sys

import yaml
from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool, json_format, message_factory

DESCRIPTORS, *ASKED = sys.argv[1:]
pool = descriptor_pool.DescriptorPool()
files = descriptor_pb2.FileDescriptorSet()
with open(DESCRIPTORS, "rb") as descriptors:
    files.ParseFromString(descriptors.read())
for file in files.file:
    pool.Add(file)
factory = message_factory.MessageFactory(pool)
# The options again, this time read by who knows validate.rules.
RULES = pool.FindExtensionByName("validate.rules")
ONE_OF = pool.FindExtensionByName("validate.required")
field_options = factory.GetPrototype(pool.FindMessageTypeByName("google.protobuf.FieldOptions"))
oneof_options = factory.GetPrototype(pool.FindMessageTypeByName("google.protobuf.OneofOptions"))
faults = []


def rules_of(options, known, extension):
    read = known()
    read.ParseFromString(options.SerializeToString())
    return read.Extensions[extension] if read.HasExtension(extension) else None


def judge(message, path):
    if message.DESCRIPTOR.full_name == "google.protobuf.Any":
        inner = factory.GetPrototype(pool.FindMessageTypeByName(message.type_url.split("/")[1]))()
        inner.ParseFromString(message.value)
        return judge(inner, path)
    for oneof in message.DESCRIPTOR.oneofs:
        if rules_of(oneof.GetOptions(), oneof_options, ONE_OF) and message.WhichOneof(oneof.name) is None:
            faults.append(f"{path}: one of {oneof.name} must be there")
    for field in message.DESCRIPTOR.fields:
        if field.GetOptions().deprecated and was_set(message, field):
            faults.append(f"{path}.{field.name} is deprecated")
        judge_field(message, field, f"{path}.{field.name}")


def was_set(message, field):
    return field in [one for one, _ in message.ListFields()]


def judge_field(message, field, path):
    rules = rules_of(field.GetOptions(), field_options, RULES)
    value = getattr(message, field.name)
    if rules is not None and (not field.containing_oneof or was_set(message, field)):
        for problem in broken(rules, field, value, was_set(message, field)):
            faults.append(f"{path}: {problem}")
    if field.type != field.TYPE_MESSAGE or not was_set(message, field):
        return
    if field.message_type.GetOptions().map_entry:
        for key, one in value.items():
            if hasattr(one, "DESCRIPTOR"):
                judge(one, f"{path}[{key}]")
    elif field.label == field.LABEL_REPEATED:
        for index, one in enumerate(value):
            judge(one, f"{path}[{index}]")
    else:
        judge(value, path)


def broken(rules, field, value, there):
    """A rule that is not known here is a fault of this program, and told as one."""
    kind = rules.WhichOneof("type")
    if rules.HasField("message") and rules.message.required and not there:
        yield "must be there"
    if kind is None:
        return
    rule = getattr(rules, kind)
    for one, wanted in rule.ListFields():
        name = one.name
        if name in ("ignore_empty", "required") and not there:
            if name == "required":
                yield "must be there"
            return
        if name in ("required", "ignore_empty", "strict"):
            continue
        if kind in NUMBERS and field.type == field.TYPE_MESSAGE:  # UInt32Value and the like
            if not there:
                continue
            value = value.value if hasattr(value, "value") else value
        if kind == "duration":
            if not there:
                continue
            value, wanted = seconds(value), seconds(wanted)
        check = CHECKS.get(name)
        if check is None:
            yield f"the rule {kind}.{name} is not known"
        elif not check(value, wanted, field):
            yield f"{value!r} is outside of {name} {wanted!r}"


def seconds(duration):
    return duration.seconds + duration.nanos / 1e9


def size(value):
    return len(value)


NUMBERS = ("uint32", "uint64", "int32", "int64", "double", "float", "bool", "string")
CHECKS = {
    "min_len": lambda value, wanted, _: size(value) >= wanted,
    "max_len": lambda value, wanted, _: size(value) <= wanted,
    "min_bytes": lambda value, wanted, _: len(value.encode()) >= wanted,
    "max_bytes": lambda value, wanted, _: len(value.encode()) <= wanted,
    "min_items": lambda value, wanted, _: size(value) >= wanted,
    "max_items": lambda value, wanted, _: size(value) <= wanted,
    "min_pairs": lambda value, wanted, _: size(value) >= wanted,
    "items": lambda value, wanted, field: all(
        not list(broken(wanted, field, one, True)) for one in value
    ),
    "values": lambda *_: True,
    "keys": lambda *_: True,
    "unique": lambda value, *_: len({str(one) for one in value}) == len(value),
    "lt": lambda value, wanted, _: value < wanted,
    "lte": lambda value, wanted, _: value <= wanted,
    "gt": lambda value, wanted, _: value > wanted,
    "gte": lambda value, wanted, _: value >= wanted,
    "const": lambda value, wanted, _: value == wanted,
    "in": lambda value, wanted, _: value in wanted,
    "not_in": lambda value, wanted, _: value not in wanted,
    "prefix": lambda value, wanted, _: value.startswith(wanted),
    "defined_only": lambda value, _, field: value in field.enum_type.values_by_number,
    "well_known_regex": lambda value, *_: not any(sign in value for sign in "\0\r\n"),
    "uri": lambda value, *_: ":" in value,
}

for message, file in zip(ASKED[::2], ASKED[1::2]):
    prototype = factory.GetPrototype(pool.FindMessageTypeByName(message))
    with open(file, encoding="utf-8") as text:
        document = yaml.safe_load(text)
    try:
        judge(json_format.ParseDict(document, prototype(), descriptor_pool=pool), file)
    except json_format.ParseError as error:
        faults.append(f"{file}: {error}")
for fault in faults:
    print(fault)
sys.exit(1 if faults else 0)
