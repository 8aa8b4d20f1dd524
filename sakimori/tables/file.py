"""A file lies in the evidence itself, not in what a log tells of one.

OCSF: File object, https://schema.ocsf.io/objects/file
"""

from sakimori.tables.table import Column, Table

FILE = Table(
    name="file",
    columns=(
        Column("host", "text", "machine it was taken from, where its place in the evidence says it"),
        Column("account", "text", "user in whose folder it lay"),
        Column("path", "text", "where it lay on that machine, else its place in the evidence"),
        Column("folder", "text", "folder or archive in the evidence that holds it"),
        Column("container", "text", "archive or disk image that holds it, where one does"),
        Column("name", "text", "its name"),
        Column("size", "integer", "bytes"),
        Column("hashes", "text", "MD5, SHA1 and SHA256, each with its name: MD5=00,SHA1=00,SHA256=00"),
        Column("entropy", "number", "bits a byte: text has 3 to 5, enciphered data almost 8"),
        Column("kind", "text", "what its content is: pe, elf, mach-o, lnk, pdf, jpeg, text, data"),
        Column("agrees", "text", "true or false: whether name and content say the same kind"),
        Column("not_analysed", "text", "why its content was not taken apart, where it should have been"),
        Column("form", "text", "program, library, driver or object, of what can run"),
        Column("machine", "text", "processors it is made for; of a shortcut the machine it was made on"),
        Column("compiled", "integer", "microseconds since the epoch: when it says it was compiled"),
        Column("imphash", "text", "hash of what it imports"),
        Column("sections", "text", "its sections with size and entropy, as JSON"),
        Column("exports", "text", "names it offers to others, as JSON"),
        Column("libraries", "text", "libraries it asks for, as JSON"),
        Column("original_file_name", "text", "name its maker compiled in"),
        Column("company", "text", "maker named in the file"),
        Column("product", "text", "product named in the file"),
        Column("signed", "text", "true or false: whether it bears a signature"),
        Column("signature", "text", "who signed it, by the certificate in it"),
        Column("signature_status", "text", "whole, broken, or ad hoc; nobody asks whether it is trusted"),
        Column("serial", "text", "serial number of the signer's certificate"),
        Column("target", "text", "what a shortcut opens"),
        Column("command_line", "text", "what a shortcut starts, with its arguments"),
        Column("icon", "text", "whose icon a shortcut wears"),
        Column("overlay", "integer", "bytes behind the end of what it should be"),
    ),
)
