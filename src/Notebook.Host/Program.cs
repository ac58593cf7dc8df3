return Attn.Host.Doctor.DoctorPage.Print(Attn.Host.Doctor.Inspections.All(), Console.Out);
