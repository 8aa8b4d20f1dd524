import "pe"

rule program_enciphered_by_one_byte
{
    meta:
        title = "A program enciphered with one byte lies inside another file"
        title_ja = "1 バイトの鍵で暗号化されたプログラムが、別のファイルの中に置かれている"
        author = "Sakimori"
        license = "Apache-2.0"
        reference = "https://attack.mitre.org/techniques/T1027/013/"
        severity = "medium"
        technique = "T1027.013"
        ja = "ダウンローダーが次の段階を一つの鍵で隠すときの形です。"
    strings:
        $dos = "This program cannot be run in DOS mode" xor(0x01-0xff)
        $must = "This program must be run under Win32" xor(0x01-0xff)
    condition:
        any of them
}

rule program_in_base64_in_base64
{
    meta:
        title = "A program is encoded in base64, once or twice, inside another file"
        title_ja = "プログラムが base64 で 1 重または 2 重に符号化され、別のファイルの中に置かれている"
        author = "Sakimori"
        license = "Apache-2.0"
        reference = "https://attack.mitre.org/campaigns/C0022/"
        severity = "medium"
        technique = "T1027.013"
    strings:
        // "This program cannot be run in DOS mode" in base64, at each of the three positions it may have.
        $once = "This program cannot be run in DOS mode" base64 base64wide
        // The same of the base64 of what a program begins with: TVqQAAMAAAAEAAAA.
        $twice = "TVqQAAMAAAAEAAAA" base64 base64wide
    condition:
        not pe.is_pe and any of them
}

rule program_behind_picture
{
    meta:
        title = "A picture with a program in it"
        title_ja = "画像ファイルの中にプログラムが入っている"
        author = "Sakimori"
        license = "Apache-2.0"
        reference = "https://attack.mitre.org/techniques/T1027/009/"
        severity = "high"
        technique = "T1027.009"
    strings:
        $dos = "This program cannot be run in DOS mode"
        $elf = { 00 00 7F 45 4C 46 (01|02) 01 01 }
    condition:
        (uint32be(0) == 0x89504E47 or uint16be(0) == 0xFFD8 or uint32be(0) == 0x47494638
         or (uint16be(0) == 0x424D and uint32(6) == 0))
        and any of them
}
